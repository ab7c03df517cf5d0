#include "trainer/subjects/descents/descents_spec.h"

#include <algorithm>

#include "trainer/base/name_list.h"
#include "trainer/landscape/own_surface.h"

namespace fl {

const KeyTable<DescentsSpec>& descents_keys() {
  using S = DescentsSpec;
  static const KeyTable<S> keys(
      "[two_parameters]",
      "Instead of a training: several optimizers at once on one surface of two parameters, from one start. "
      "Such a scene has no [data], [network], [train] and [landscape].",
      {{"surface", one_of(two_parameter_names()), &S::surface, "The surface they descend."},
       {"formula", text_in_quotes(), &S::formula,
        "A surface of your own over [-2, 2] in place of that: f(x, z), as in \"x^2 + 3*sin(z)\", with + - * "
        "/ ^, "
        "brackets, comparisons, `c ? a : b`, `pi`, `e` and the functions of muParser: sin, cos, tan, exp, "
        "ln, sqrt, abs, min, "
        "max and others. Its gradient is a central difference.",
        "none"},
       {"phases", one_of(phase_choices()), &S::phases,
        "Whose steps are told in phases, with arrows, squares and a sentence for each; \"all\": everybody's, "
        "in three "
        "phases that all have. Playing, and a film, go from phase to phase."},
       {"optimizers", some_of(optimizer_names(), kFrameMaxPaths), &S::optimizers, "Which of them start.",
        "all of them"},
       {"start", numbers(2, -kFarthestStart, kFarthestStart), &S::start, "Where they start: both parameters.",
        "the surface's own"},
       {"rate", number(kMinRate, kMaxRate), &S::rate, "One learning rate for all of them.",
        "the surface's own for each"},
       {"steps", whole_number(1, 10000), &S::steps, "Steps that each of them makes.", "the surface's own"},
       {"grid", grid_side(513), &S::grid, "Points on a side of the grid on which the surface is drawn."}});
  return keys;
}

Result<std::optional<DescentsSpec>> parse_descents_spec(const toml::table& scene) {
  const toml::node* node = scene.get("two_parameters");
  if (node == nullptr) return std::optional<DescentsSpec>{};
  for (const char* other : {"data", "network", "train", "landscape"})
    if (const toml::node* found = scene.get(other))
      return error(
          "{}[{}] and [two_parameters] do not go together: a scene shows either a training or a surface of "
          "two parameters; remove one of them.",
          line_of(*found), other);
  DescentsSpec spec;
  FL_TRY(descents_keys().read(node->as_table(), spec));
  if (!spec.formula.empty())
    if (auto own = own_surface(spec.formula); !own)
      return error("{}[two_parameters] formula: {}", line_of(*node->as_table()->get("formula")),
                   own.error().message);
  if (spec.phases != kNoPhases && spec.phases != kAllPhases && !spec.optimizers.empty() &&
      std::ranges::find(spec.optimizers, spec.phases) == spec.optimizers.end())
    return error("{}[two_parameters] phases: \"{}\" is not among its optimizers, which are {}; add it there.",
                 line_of(*node->as_table()->get("phases")), spec.phases, name_list(spec.optimizers));
  return std::optional(spec);
}

}  // namespace fl
