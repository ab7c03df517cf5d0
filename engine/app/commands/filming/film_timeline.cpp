#include "engine/app/commands/filming/film_timeline.h"

#include <algorithm>

#include "engine/app/commands/progress.h"
#include "engine/app/interrupt.h"
#include "engine/app/timeline/rehearsal.h"
#include "trainer/base/counted.h"
#include "trainer/subjects/training_subject.h"

namespace fl {

Result<std::optional<Conductor>> conductor_of(const SceneFile& scene, Lesson& lesson,
                                              std::optional<double> seconds, const std::string& name) {
  if (scene.timeline.empty()) return std::optional<Conductor>();
  auto made = Conductor::make(scene, lesson, seconds);
  if (!made) return error("{}: {}", name, made.error().message);
  made->dress(lesson.texts);
  return std::optional(*std::move(made));
}

void train_all(Session& session, Conductor* conductor) {
  Progress progress;
  const Subject& subject = session.subject();
  const auto go_on = [&] {
    progress.show("step {} of {}", subject.steps(), subject.total_steps());
    return !interrupted();
  };
  if (conductor != nullptr) return conductor->rehearse(session, go_on);
  while (go_on() && session.advance(subject.burst()) > 0) measure_curvature(session);
}

void measure_curvature(Session& session) {
  if (auto* training = dynamic_cast<TrainingSubject*>(&session.subject())) training->complete_curvature();
}

void rehearse_film(Film& film, Conductor* conductor) {
  Progress progress;
  Session& session = film.session();
  rehearse(
      session, [&] { train_all(session, conductor); },
      [&] {
        progress.show("{} left", counted(session.subject().points_left(), "landscape point"));
        return !interrupted();
      });
}

void go_to(double seconds, Film& film, Conductor& conductor) {
  conductor.go_to(seconds, film.session(), film.view(),
                  [&](const ViewState& view) { return film.aspect(view); });
}

std::vector<std::size_t> cues_of_timeline(const Timeline& timeline, std::vector<std::size_t> others,
                                          double fps) {
  for (std::size_t i = 0; timeline.says_cues() && i < others.size(); ++i)
    others[i] = timeline.cue_at(static_cast<double>(i) / fps);
  return others;
}

std::vector<Chapter> with_timeline(std::vector<Chapter> cues, const Conductor* conductor) {
  if (conductor == nullptr) return cues;
  for (const auto& [begin, end, words] : conductor->timeline().said()) cues.push_back({begin, end, words});
  std::ranges::stable_sort(cues, {}, &Chapter::begin);
  return cues;
}

}  // namespace fl
