#include "trainer/subjects/landscape/landscape_spec.h"

#include <algorithm>
#include <iterator>

namespace fl {
namespace {

// One of the names of a choice.
template <typename Value>
KeyType<Value> chosen(std::span<const ChoiceName<Value>> all) {
  std::vector<std::string> names;
  for (const ChoiceName<Value>& each : all) names.emplace_back(each.name);
  const KeyType<std::string> text = one_of(names);
  return {[=](const KeyPlace& place) -> Result<Value> {
            FL_TRY_LET(name, text.read(place));
            return choice_of(all, *name).value();
          },
          [=](toml::table& table, const std::string& key, const Value& value) {
            text.write(table, key, choice_name(all, value));
          },
          text.kind, text.range};
}

KeyType<std::array<PathMoment, 3>> three_moments() {
  constexpr const char* kWanted =
      "a list of 3 different moments, each \"start\", \"middle\", \"now\" or a step";
  return {[=](const KeyPlace& place) -> Result<std::array<PathMoment, 3>> {
            const toml::array* list = place.node.as_array();
            if (list == nullptr || list->size() != 3) return place.must_be(kWanted);
            std::array<PathMoment, 3> moments;
            for (std::size_t i = 0; i < moments.size(); ++i) {
              const auto name = (*list)[i].value_exact<std::string>();
              const auto step = (*list)[i].value_exact<std::int64_t>();
              const auto moment = moment_of(name ? *name : step ? std::to_string(*step) : std::string());
              if (!moment || (name && moment->kind == PathMoment::Kind::kStep) ||
                  std::find(moments.begin(), moments.begin() + static_cast<std::ptrdiff_t>(i), *moment) !=
                      moments.begin() + static_cast<std::ptrdiff_t>(i))
                return place.must_be(kWanted);
              moments[i] = *moment;
            }
            return moments;
          },
          [](toml::table& table, const std::string& key, const std::array<PathMoment, 3>& moments) {
            toml::array list;
            for (const PathMoment& moment : moments) {
              if (moment.kind == PathMoment::Kind::kStep)
                list.push_back(moment.step);
              else
                list.push_back(moment_text(moment));
            }
            table.insert_or_assign(key, std::move(list));
          },
          "list of 3 moments", "\"start\", \"middle\", \"now\", or a step"};
}

}  // namespace

const KeyTable<LandscapeSpec>& landscape_keys() {
  using L = LandscapeSpec;
  static const KeyTable<L> keys(
      "[landscape]", "The loss surface around the path of the weights.",
      {{"directions", chosen(plane_directions()), within(&L::plane, &PlaneChoice::directions),
        "The plane that is shown: through the two principal components of the path; through two random "
        "directions, filter-normalised (Li et al. 2018); through three moments of the path, which lie on it "
        "exactly; \"osculating\", through the last three iterates; or \"curvature\", through the eigenvectors of "
        "the Hessian's largest and smallest eigenvalue, where a saddle shows."},
       {"anchor", chosen(plane_anchors()), within(&L::plane, &PlaneChoice::anchor),
        "What the plane goes through: the weights as they are when it is laid, which is each time the path "
        "has grown by half, or with \"follow\" as soon as the surface before is there; or the starting "
        "weights. Where points of the path span the plane, it goes through those."},
       {"points", three_moments(), within(&L::plane, &PlaneChoice::points),
        "The moments of \"three-points\". Of a step, the nearest that is kept counts."},
       {"surfaces", chosen(surface_sets()), &L::surfaces,
        "Whose images the losses are of: the training set's, the test set's, or both, the test set's over "
        "that of the training set, as glass."},
       {"grid", grid_side(129), &L::grid, "Points on a side of the finest grid."},
       {"error", number(0, 0.5), &L::error,
        "Points are evaluated until the others are predicted within this share of the height range; 0 "
        "evaluates "
        "every point."},
       {"probe_images", whole_number(1, kMostProbeImages), &L::probe_images,
        "At most so many images measure the loss at each point: the more, the truer and the slower."},
       {"small_probe", whole_number(0, kMostProbeImages), &L::small_probe,
        "Most points are evaluated over so many images, chosen to stand for all of them, and corrected by "
        "what all "
        "differ at a few; 0: all images at each."},
       {"snapshots", whole_number(8, 512), &L::snapshots,
        "At most so many points of the path are kept; it is thinned out as it grows longer."},
       {"path_megabytes", number(1, 65536), &L::path_megabytes,
        "Memory in MB for the weights of these points: of large networks fewer are kept, but at least 8."},
       {"curvature", whole_number(0, kMostCurvatureSteps), &L::curvature,
        "Every so many steps it is measured how sharp the valley is: the largest curvature of the loss and "
        "that along the gradients of batches, beside the most that the optimizer can bear (Cohen et al. "
        "2021). They are curves, and stand in `curvature.csv` and `report.json`. The runs of a race and of a "
        "sweep are not measured. 0: none is."},
       {"curvature_images", whole_number(1, kMostProbeImages), &L::curvature_images,
        "So many training images measure the curvature, at most: the more, the truer and the slower."}});
  return keys;
}

std::size_t kept_snapshots(const LandscapeSpec& landscape, std::size_t floats) {
  constexpr std::size_t kLeast = 8;  // for a plane through the path
  const double bytes = landscape.path_megabytes * 1e6;
  const auto room = static_cast<std::size_t>(bytes / static_cast<double>(sizeof(float) * floats));
  return std::clamp(room, kLeast, static_cast<std::size_t>(landscape.snapshots));
}

}  // namespace fl
