#include "engine/ui/actions.h"

#include <algorithm>
#include <utility>

#include <GLFW/glfw3.h>

#include "engine/ui/actions/cell_actions.h"
#include "engine/ui/actions/curves_actions.h"
#include "engine/ui/actions/timeline_actions.h"
#include "engine/ui/panels/panels.h"
#include "engine/ui/panels/train/learning.h"
#include "engine/ui/run_actions.h"
#include "trainer/base/check.h"
#include "trainer/base/limits.h"

namespace fl {
namespace {

// What a key of the camera does at each press: a drag by so much of the view's height, and a factor.
constexpr float kTurn = 0.05f, kZoom = 0.85f;

bool train_or_pause(ActionContext& c) {
  if (!c.status.over()) c.commands.push_back(c.status.playing ? Command(command::Pause{}) : command::Play{});
  return true;
}

bool one_step(ActionContext& c) {
  c.commands.push_back(command::Step{});
  return true;
}

bool one_phase(ActionContext& c) {
  if (c.status.descents) c.commands.push_back(command::Phase{});
  return c.status.descents.has_value();
}

bool reset(ActionContext& c) {
  if (c.lesson.cells_stay) {
    c.wishes.say =
        "The cells of this map lie in a folder, and stay as they are; a new map needs a folder of its own.";
    return true;
  }
  c.commands.push_back(command::Reset{c.seed.value_or(c.status.seed)});
  return true;
}

bool new_start(ActionContext& c) {
  if (c.lesson.trains) c.commands.push_back(command::Reset{next_seed(c.status.seed)});
  return c.lesson.trains;
}

bool undo(ActionContext& c) {
  return take_back_timeline(c) || c.controls.take_back(c.status, c.commands, c.wishes);
}

bool network(ActionContext& c) {
  c.wishes.other_network = c.lesson.trains;
  return c.lesson.trains;
}

// With the workshop's next number of them; after the last comes the first.
bool epochs(ActionContext& c) {
  if (!c.lesson.trains) return false;
  const auto next = std::ranges::find_if(kLectureEpochs, [&](int one) { return one > c.lesson.run.epochs; });
  Draft draft = c.controls.draft();
  draft.set({std::string(kEpochsKey),
             std::to_string(next != std::end(kLectureEpochs) ? *next : kLectureEpochs[0])});
  c.controls.change_draft(std::move(draft));
  c.controls.start_again(c.lesson, c.status, c.wishes);
  return true;
}

bool height_scale(ActionContext& c) {
  c.view.height.choose(!c.view.height.log());
  c.commands.push_back(command::ShowHeights{c.view.height.log() ? LossScale::kLog : LossScale::kLinear});
  return true;
}

bool points(ActionContext& c) {
  c.view.points = !c.view.points;
  return true;
}

bool large_curves(ActionContext& c) {
  c.view.fill(c.view.filled() == StageFill::kCurves ? StageFill::kNone : StageFill::kCurves);
  return true;
}

template <int X, int Y>
bool turn(ActionContext& c) {
  c.viewer.turn(kTurn * glm::vec2{X, Y});
  return true;
}

bool closer(ActionContext& c) {
  c.viewer.zoom(kZoom);
  return true;
}

bool farther(ActionContext& c) {
  c.viewer.zoom(1 / kZoom);
  return true;
}

bool frame(ActionContext& c) {
  c.viewer.frame_all();
  return true;
}

bool wall(ActionContext& c) {
  if (c.view.parts.tiles) c.view.wall.room = !c.view.wall.room;
  return c.view.parts.tiles;
}

bool enlarge(ActionContext& c) {
  if (c.view.parts.tiles) c.viewer.enlarge_or_back();
  return c.view.parts.tiles;
}

// From one place to the next.
bool map(ActionContext& c) {
  if (c.shown.facts.map.images == 0) return false;
  const MapPlace now = c.view.map();
  c.view.set_map(now == MapPlace::kNone   ? MapPlace::kWall
                 : now == MapPlace::kWall ? MapPlace::kStage
                                          : MapPlace::kNone);
  return true;
}

bool heat(ActionContext& c) {
  if (!c.shown.facts.has_heat) return false;
  c.commands.push_back(command::ShowHeat{.on = !c.status.heat.on, .of = c.status.heat.of});
  return true;
}

// From one part to the next, past those that the lesson does not have.
bool fill(ActionContext& c) {
  const StageFill now = c.view.filled();
  for (StageFill next = now; next != StageFill::kCurves;) {
    next = static_cast<StageFill>(static_cast<int>(next) + 1);
    c.view.fill(next);
    if (c.view.filled() == next) return true;
  }
  c.view.fill(StageFill::kNone);
  return true;
}

template <int Layers, int Channels>
bool move_tile(ActionContext& c) {
  if (c.view.parts.tiles) c.viewer.move_tile(c.shown, Layers, Channels);
  return c.view.parts.tiles;
}

bool theme(ActionContext& c) {
  c.view.set_light(!c.view.light());
  return true;
}

bool colors(ActionContext& c) {
  const std::vector<std::string>& names = color_map_names();
  const auto now = std::ranges::find(names, c.view.colors->name);
  c.view.colors = &color_map(now + 1 < names.end() ? *(now + 1) : names.front());
  return true;
}

bool presenter(ActionContext& c) {
  c.view.presenter = !c.view.presenter;
  c.view.blank = false;
  if (c.view.presenter) c.panel = {};
  return true;
}

// From one cue of the lecture to the next; the last one stays.
template <int By>
bool cue(ActionContext& c) {
  const auto most = static_cast<std::ptrdiff_t>(c.lesson.cues.size());
  if (most == 0) return false;
  c.view.cue = static_cast<std::size_t>(
      std::clamp<std::ptrdiff_t>(static_cast<std::ptrdiff_t>(c.view.cue) + By, 0, most));
  c.view.blank = false;
  return true;
}

// A clicker's arrows, where the view is a presenter's.
template <int By>
bool presented_cue(ActionContext& c) {
  return c.view.presenter && cue<By>(c);
}

bool blank(ActionContext& c) {
  if (c.view.presenter) c.view.blank = !c.view.blank;
  return c.view.presenter;
}

bool film(ActionContext& c) {
  c.wishes.film = c.lesson.timeline;
  return c.lesson.timeline;
}

bool fullscreen(ActionContext& c) {
  c.wishes.fullscreen = true;
  return true;
}

bool mark_take(ActionContext& c) {
  c.wishes.mark_take = true;
  return true;
}

bool render_take(ActionContext& c) {
  c.wishes.render_take = true;
  return true;
}

bool still(ActionContext& c) {
  c.wishes.still = true;
  return true;
}

// The widgets see the key themselves (ImGuiLayer); this row is for the tables of keys.
bool controls(ActionContext& c) {
  return !c.view.presenter;
}

bool leave_blank(ActionContext& c) {
  return std::exchange(c.view.blank, false);
}

bool leave_panel(ActionContext& c) {
  return !std::exchange(c.panel, {}).empty();
}

bool leave_fill(ActionContext& c) {
  if (c.view.filled() == StageFill::kNone) return false;
  c.view.fill(StageFill::kNone);
  return true;
}

bool leave_map(ActionContext& c) {
  if (!c.view.parts.tiles || !c.view.wall.tile) return false;
  c.view.wall.tile.reset();
  return true;
}

bool leave_presenter(ActionContext& c) {
  if (c.view.cue > 0 && !c.view.presenter) {
    c.view.cue = 0;
    return true;
  }
  c.view.presenter = false;
  return true;
}

constexpr bool kRepeats = true, kHidden = true;
constexpr Action kActions[] = {
    {"cue-after", {GLFW_KEY_PAGE_DOWN}, "The lecture's next cue; in the presenter view also → ←", cue<1>},
    {"cue-before", {GLFW_KEY_PAGE_UP}, "", cue<-1>},
    {"cue-right", {GLFW_KEY_RIGHT}, "", presented_cue<1>, !kRepeats, kHidden},
    {"cue-left", {GLFW_KEY_LEFT}, "", presented_cue<-1>, !kRepeats, kHidden},
    {"blank", {GLFW_KEY_PERIOD}, "", blank, !kRepeats, kHidden},
    {"train-or-pause", {GLFW_KEY_SPACE}, "Train or pause", train_or_pause},
    {"one-step", {GLFW_KEY_RIGHT}, "One step of the optimizer", one_step},
    {"one-phase", {GLFW_KEY_J}, "One phase of the next step, of two parameters", one_phase},
    {"reset", {GLFW_KEY_R}, "Rewind: same weights, same order", reset},
    {"new-start", {kControl + GLFW_KEY_R}, "New start: other weights, another order", new_start},
    {"undo", {kControl + GLFW_KEY_Z}, "Takes back the last change of a control", undo},
    {"epochs", {kControl + GLFW_KEY_E}, "Starts again with 15, 75 or 250 epochs, in turn", epochs},
    {"network", {GLFW_KEY_B}, "Transfer or from scratch: starts again", network},
    {"height-scale", {GLFW_KEY_L}, "Loss height: linear or logarithmic", height_scale},
    {"points", {GLFW_KEY_G}, "The points that are evaluated", points},
    {"loss-axis", {GLFW_KEY_C}, "Loss curves: linear or logarithmic", loss_axis},
    {"next-curves", {GLFW_KEY_K}, "Curves: loss, norms, learning rate, classes, curvature", next_curves},
    {"curves-loss", {}, "Curves of loss and accuracy", show_curves<CurvesKind::kLoss>},
    {"curves-norms", {}, "Curves of the norms of gradient and update", show_curves<CurvesKind::kNorms>},
    {"curves-rate", {}, "The curve of the learning rate", show_curves<CurvesKind::kRate>},
    {"curves-classes", {}, "Curves of the test accuracy by class", show_curves<CurvesKind::kClasses>},
    {"curves-curvature", {}, "Curves of how sharp the valley is", show_curves<CurvesKind::kCurvature>},
    {"measure-curvature", {}, "Measures the curvature while it trains, or not", measure_curvature},
    {"curves-over", {}, "Curves over epochs or steps", curves_over},
    {"large-curves", {}, "The curves over the whole picture, or beside it", large_curves},
    {"earlier-runs", {GLFW_KEY_O}, "Earlier runs behind the curves", earlier_runs},
    {"forget-earlier", {}, "Forgets the earlier runs", forget_earlier},
    {"map-figure", {kControl + GLFW_KEY_K}, "Map of a sweep: test accuracy or loss", map_figure},
    {"open-cell", {GLFW_KEY_ENTER}, "The chosen cell of a map, as a training; Escape is back", open_cell},
    {"next-run", {GLFW_KEY_Y}, "One run of several alone: the next, then all", next_run},
    {"fork-river", {GLFW_KEY_Q}, "Forks the run: the rate falls to nothing", fork_run<ForkChange::kRiver>},
    {"fork-order", {GLFW_KEY_U}, "Forks the run: another order of the images", fork_run<ForkChange::kOrder>},
    {"fork-rate-up", {}, "Forks the run: ten times the rate", fork_run<ForkChange::kRateUp>},
    {"fork-rate-down", {}, "Forks the run: a tenth of the rate", fork_run<ForkChange::kRateDown>},
    {"fork-optimizer", {}, "Forks the run: another optimizer", fork_run<ForkChange::kOptimizer>},
    {"remove-forks", {GLFW_KEY_Z}, "Removes all forks", remove_forks},
    {"fork-step-before",
     {GLFW_KEY_LEFT_BRACKET},
     "Another step of the forks, in a lesson on fate",
     fork_step<-1>},
    {"fork-step-after", {GLFW_KEY_RIGHT_BRACKET}, "", fork_step<1>},
    {"turn-up", {GLFW_KEY_W}, "Turn the landscape", turn<0, 1>, kRepeats},
    {"turn-left", {GLFW_KEY_A}, "", turn<1, 0>, kRepeats},
    {"turn-down", {GLFW_KEY_S}, "", turn<0, -1>, kRepeats},
    {"turn-right", {GLFW_KEY_D}, "", turn<-1, 0>, kRepeats},
    {"closer", {GLFW_KEY_EQUAL, GLFW_KEY_KP_ADD}, "Closer, farther away", closer, kRepeats},
    {"farther", {GLFW_KEY_MINUS, GLFW_KEY_KP_SUBTRACT}, "", farther, kRepeats},
    {"frame", {GLFW_KEY_F, GLFW_KEY_HOME}, "The whole landscape", frame, kRepeats},
    {"wall", {GLFW_KEY_V}, "Feature maps in the room, or flat", wall},
    {"enlarge", {GLFW_KEY_E}, "One feature map enlarged, or all", enlarge},
    {"map", {GLFW_KEY_I}, "Images by their embedding: beside, large, or away", map},
    {"heat", {GLFW_KEY_H}, "Where the network looks, over the image", heat},
    {"fill", {GLFW_KEY_X}, "Landscape, maps or curves over the whole picture", fill},
    {"channel-before", {GLFW_KEY_COMMA}, "Another channel", move_tile<0, -1>},
    {"channel-after", {GLFW_KEY_PERIOD}, "", move_tile<0, 1>},
    {"layer-after", {GLFW_KEY_UP}, "Another layer", move_tile<1, 0>},
    {"layer-before", {GLFW_KEY_DOWN}, "", move_tile<-1, 0>},
    {"film", {GLFW_KEY_F7}, "Plays the film that the scene's timeline says, or ends it", film},
    {"fullscreen", {GLFW_KEY_F11}, "The whole screen, or a window", fullscreen},
    {"mark-take", {GLFW_KEY_F9}, "A take of the film: begins, ends", mark_take},
    {"render-take", {kControl + GLFW_KEY_F9}, "Renders the last take, beside the window", render_take},
    {"still", {GLFW_KEY_F12}, "Saves a large picture of the stage", still},
    {"controls", {GLFW_KEY_TAB}, "Controls by key: Tab, arrows, Space, Escape", controls},
    {"theme", {GLFW_KEY_T}, "Dark or light theme", theme},
    {"colors", {GLFW_KEY_M}, "The next colour map", colors},
    {"presenter",
     {GLFW_KEY_P, GLFW_KEY_F5},
     "Presenter: larger words, no bar; a full stop blanks it",
     presenter},
};
// Behind those of the panels.
constexpr Action kWaysBack[] = {
    {"leave-blank", {GLFW_KEY_ESCAPE}, "Go back", leave_blank},
    {"leave-panel", {GLFW_KEY_ESCAPE}, "", leave_panel},
    {"leave-map", {GLFW_KEY_ESCAPE}, "", leave_map},
    {"leave-fill", {GLFW_KEY_ESCAPE}, "", leave_fill},
    {"leave-cell", {GLFW_KEY_ESCAPE}, "", leave_cell},
    {"leave-presenter", {GLFW_KEY_ESCAPE}, "", leave_presenter},
};

}  // namespace

bool Action::act(ActionContext& context) const {
  if (does != nullptr) return does(context);
  context.panel = context.panel == name ? std::string_view() : name;
  return true;
}

std::span<const Action> actions() {
  static const std::vector<Action> all = [] {
    std::vector<Action> rows(std::begin(kActions), std::end(kActions));
    rows.insert(rows.end(), timeline_actions().begin(), timeline_actions().end());
    for (const PanelInfo& panel : panels()) rows.push_back({panel.name, panel.keys, panel.help});
    rows.insert(rows.end(), std::begin(kWaysBack), std::end(kWaysBack));
    return rows;
  }();
  return all;
}

const Action& action(std::string_view name) {
  const auto found = std::ranges::find(actions(), name, &Action::name);
  FL_CHECK_MSG(found != actions().end(), "there is no action \"{}\"", name);
  return *found;
}

std::uint64_t next_seed(std::uint64_t seed) {
  return seed < static_cast<std::uint64_t>(kMaxSeed) ? seed + 1 : 0;
}

bool press(int key, bool held, ActionContext& context) {
  return std::ranges::any_of(actions(), [&](const Action& one) {
    return std::ranges::count(one.keys, key) > 0 && (one.repeats || !held) && one.act(context);
  });
}

}  // namespace fl
