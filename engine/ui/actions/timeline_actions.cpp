#include "engine/ui/actions/timeline_actions.h"

#include <GLFW/glfw3.h>

#include "engine/ui/timeline/film_desk.h"

namespace fl {
namespace {

// The desk where the strip is shown; else null.
FilmDesk* desk_of(ActionContext& c) {
  FilmDesk* desk = c.lesson.film_desk.get();
  return desk != nullptr && desk->open && !c.view.presenter ? desk : nullptr;
}

// The picture shows what is changed, where the playhead was put by hand.
void look_again(ActionContext& c, const FilmDesk& desk) {
  if (desk.placed()) c.wishes.film_at = desk.playhead();
}

bool strip(ActionContext& c) {
  if (!c.lesson.film_desk || c.view.presenter) return false;
  FilmDesk& desk = *c.lesson.film_desk;
  desk.open = !desk.open;
  if (!desk.open) c.wishes.leave_film = true;
  return true;
}

bool add_camera_key(ActionContext& c) {
  FilmDesk* desk = desk_of(c);
  if (desk != nullptr) desk->add_camera_key(c.view);
  return desk != nullptr;
}

bool delete_mark(ActionContext& c) {
  FilmDesk* desk = desk_of(c);
  if (desk == nullptr || !desk->chosen()) return false;
  desk->remove(*desk->chosen());
  look_again(c, *desk);
  return true;
}

template <int Way>
bool next_mark(ActionContext& c) {
  FilmDesk* desk = desk_of(c);
  if (desk == nullptr || !desk->choose_next(Way)) return false;
  look_again(c, *desk);
  return true;
}

bool save_scene(ActionContext& c) {
  FilmDesk* desk = desk_of(c);
  if (desk == nullptr || !desk->unsaved()) return false;
  desk->save();  // the strip says what becomes of it
  return true;
}

bool save_scene_copy(ActionContext& c) {
  FilmDesk* desk = desk_of(c);
  if (desk == nullptr || !desk->unsaved()) return false;
  desk->save_copy();
  return true;
}

constexpr bool kOnce = false, kHeld = true;
constexpr Action kTimelineActions[] = {
    {"strip", {GLFW_KEY_F8}, "The timeline of its film below the picture, or away", strip},
    {"add-camera-key", {GLFW_KEY_INSERT}, "Timeline: the view as it is becomes a camera key", add_camera_key},
    {"delete-mark", {GLFW_KEY_DELETE}, "Timeline: deletes the chosen mark", delete_mark},
    {"mark-before",
     {kControl + GLFW_KEY_LEFT},
     "Timeline: the mark before, the next one",
     next_mark<-1>,
     kHeld},
    {"mark-after", {kControl + GLFW_KEY_RIGHT}, "", next_mark<1>, kHeld},
    {"save-scene", {kControl + GLFW_KEY_S}, "Timeline: saves it in its scene", save_scene, kOnce},
    {"save-scene-copy", {}, "Timeline: saves its scene under another name", save_scene_copy},
    {"undo-timeline", {}, "Timeline: takes back its last change", take_back_timeline},
};

}  // namespace

bool take_back_timeline(ActionContext& c) {
  FilmDesk* desk = desk_of(c);
  if (desk == nullptr || !desk->can_take_back()) return false;
  desk->take_back();
  look_again(c, *desk);
  return true;
}

std::span<const Action> timeline_actions() {
  return kTimelineActions;
}

}  // namespace fl
