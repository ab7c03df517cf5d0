#!/usr/bin/env bash
# The document of the scene's keys is what the program prints.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"

expect_code 0 "$program" --scene-keys
[[ -s err ]] && fail "it also said: $(cat err)"
diff out "$source_dir/docs/scene-file.md" > difference ||
  fail "docs/scene-file.md is not what \"fallline --scene-keys\" prints; print it anew: $(cat difference)"

# Its example is a scene.
sed -n '/^```toml$/,/^```$/p' out | sed '1d;$d' > example.toml
[[ "$(grep -c = example.toml)" -ge 5 ]] || fail "the document has no example"
expect_code 0 "$program" train example.toml --set train.epochs=1 --set data.image_size=16 --out example

finish
