#include "trainer/scene/scene_document.h"

#include <fmt/format.h>

namespace fl {
namespace {

constexpr const char* kHead = R"(# Scene files

*`fallline --scene-keys` prints this page.*

A scene file says what is learnt and how it is shown: images, network, training, landscape, view. It is [TOML](https://toml.io) in UTF-8, and `scenes/` has examples, each of which begins with what to watch. `fallline FILE.toml` opens it in the window; `train`, `render` and `data` take it, too.

```toml
title = "Few images, small steps"

[data]
phantom_counts = [30, 30]

[train]
epochs = 40
rate = 0.0005
augment = {flip = true, rotate = 15}

[view]
theme = "light"
```

Every key may be left out; its default then holds. `--set TABLE.KEY=VALUE` gives one on the command line, in place of the file's. A key, table or value that does not exist is an error, which names the line and what comes nearest. Text stands in quotes; paths best in single ones, where a backslash is a backslash. A run folder keeps its scene as `scene.toml`, which opens again like any other.
)";

}  // namespace

std::string scene_document(const std::vector<TableText>& tables) {
  std::string text = kHead;
  for (const TableText& table : tables) {
    text += table.title.empty() ? "\n## Above all tables\n" : fmt::format("\n## {}\n", table.title);
    text += fmt::format("\n{}\n", table.text);
    if (table.keys.empty()) continue;
    text += "\n| key | type | range | default | what it does |\n|---|---|---|---|---|\n";
    for (const KeyText& key : table.keys)
      text +=
          fmt::format("| `{}` | {} | {} | {} | {} |\n", key.name, key.kind, key.range, key.preset, key.text);
  }
  return text;
}

}  // namespace fl
