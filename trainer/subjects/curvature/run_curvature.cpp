#include "trainer/subjects/curvature/run_curvature.h"

#include "trainer/base/json.h"

namespace fl {

Result<RunCurvature> measure_curvature(Training& training, const CurvatureSpec& spec) {
  const NetSpec& network = training.program().spec();
  FL_TRY(check_tangents(network));
  const CurvatureProbe probe = CurvatureProbe::of(training, training.split().train, spec.images);
  CurvatureWork work(network, probe, CurvatureMoment::of(training), training.spec().batch_size, spec);
  while (work.step()) {
  }
  if (work.failed())
    return error("The curvature at step {} is no number; the training has diverged there, or is about to.",
                 training.steps());
  return RunCurvature{work.found()};
}

std::string RunCurvature::json() const {
  return Json(Json::Object{{"step", step},
                           {"images", images},
                           {"loss", loss},
                           {"gradient_norm", gradient_norm},
                           {"curvatures", Json::list(values)},
                           {"error", error},
                           {"batch_sharpness", batch_sharpness},
                           {"sharpness", sharpness ? Json(*sharpness) : Json()},
                           {"limit", limit ? Json(limit->sharpness) : Json()},
                           {"preconditioned", limit ? Json(limit->preconditioned) : Json()}})
             .pretty() +
         "\n";
}

}  // namespace fl
