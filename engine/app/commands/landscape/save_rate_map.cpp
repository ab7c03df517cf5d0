#include "engine/app/commands/landscape/save_rate_map.h"

#include "engine/app/interrupt.h"
#include "engine/app/open_trainability.h"
#include "trainer/base/atomic_file.h"
#include "trainer/base/printable.h"
#include "trainer/data/files/folder.h"
#include "trainer/subjects/sweep_map/sweep_map.h"

namespace fl {

Result<void> save_rate_map(const LandscapeOptions& options, const LandscapeSource& source) {
  if (lower_extension(options.out) != ".csv")
    return error("{}: a map of learning rates is saved as .csv or .png; give one of these with -o.",
                 printable(options.out.string()));
  FL_TRY_LET(folder, make_landscape_place(options, source));
  catch_interrupt();
  std::string device;
  FL_TRY_LET(subject, open_trainability(source.scene, options.backend, device));
  const Trainability& rates = **subject;
  Session session({.subject = *std::move(subject)});
  FL_TRY(go_to_landscape(session, source));
  const std::string rows = rate_map_csv(rates.map(), rates.spec().steps);
  FL_TRY(write_file_atomic(options.out, std::as_bytes(std::span(rows))));
  fmt::print("{}\nSaved in {}\n", rate_map_sentence(rates.map()), printable(options.out.string()));
  return {};
}

std::string sentence_of(const Subject& subject) {
  const auto* rates = dynamic_cast<const Trainability*>(&subject);
  if (const auto* sweep = dynamic_cast<const SweepMap*>(&subject)) return sweep_sentence(sweep->results());
  return rates != nullptr ? rate_map_sentence(rates->map()) : landscape_sentence(subject.view_landscape());
}

}  // namespace fl
