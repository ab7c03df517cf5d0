#include "engine/stage/cards.h"

#include <memory>

#include "engine/charts/curves.h"
#include "engine/landscape/path_legend.h"
#include "engine/stage/feature_wall.h"

namespace fl {
namespace {

using Layer = StageCard::Layer;

// A card that is drawn on a ground of its own, in its rectangle of the column.
StageCard on_ground(const CardSetup& setup, bool StageParts::*part, Rect StageLayout::*place,
                    std::function<void(const CardContext&, const Rect& inside)> draw) {
  return {Layer::kBehind,
          [&panels = setup.panels, part, place, draw = std::move(draw)](const CardContext& c) {
            if (c.shows(part)) draw(c, panels.draw_ground(c.pass, c.layout.*place, c.layout.padding));
          }};
}

StageCard paths_card(const CardSetup& setup) {
  return on_ground(setup, &StageParts::paths, &StageLayout::paths,
                   [legend = PathLegend(setup.font, setup.panels)](const CardContext& c, const Rect& inside) {
                     legend.draw(c.pass, inside, c.texts, c.labels);
                   });
}

StageCard curves_card(const CardSetup& setup) {
  const auto pass = std::make_shared<const CurvesPass>(setup.pass, setup.font, setup.panels);
  return on_ground(setup, &StageParts::curves, &StageLayout::curves,
                   [pass](const CardContext& c, const Rect& inside) {
                     pass->draw(c.pass, inside, c.labels, c.view.loss_axis);
                   });
}

// Two parts of the layout, which in the room stand together; their shadow falls beyond the column.
StageCard wall_card(const CardSetup& setup) {
  const auto wall = std::make_shared<const FeatureWall>(setup.pass, setup.font, setup.panels);
  return {Layer::kOver, [wall](const CardContext& c) {
            wall->draw(c.pass, c.layout, c.view.parts, c.view.wall, c.texts, c.labels);
          }};
}

constexpr StageCard (*kCards[])(const CardSetup&) = {paths_card, curves_card, wall_card};

}  // namespace

std::vector<StageCard> make_cards(const CardSetup& setup) {
  std::vector<StageCard> cards;
  for (const auto make : kCards) cards.push_back(make(setup));
  return cards;
}

}  // namespace fl
