#include "engine/stage/cards.h"

#include <memory>

#include "engine/charts/curves.h"
#include "engine/charts/fate/fate_chart.h"
#include "engine/charts/map.h"
#include "engine/charts/rates.h"
#include "engine/charts/seeds/seeds.h"
#include "engine/charts/sweep/sweep.h"
#include "engine/landscape/path_legend.h"
#include "engine/stage/feature_wall.h"

namespace fl {
namespace {

using Layer = StageCard::Layer;

// A card that is drawn on a ground of its own, in its rectangle of the column.
StageCard on_ground(const CardSetup& setup, bool StageParts::*part, Rect StageLayout::*place,
                    std::function<void(const CardContext&, const Rect& inside)> draw) {
  return {.layer = Layer::kBehind,
          .draw =
              [&panels = setup.panels, part, place, draw = std::move(draw)](const CardContext& c) {
                if (c.shows(part)) draw(c, panels.draw_ground(c.pass, c.layout.*place, c.layout.padding));
              },
          .place =
              [part, place](const CardContext& c) {
                return c.shows(part) ? inset(snapped(c.layout.*place), -1) : Rect{};
              }};
}

// Which descents there are, and how far they have come.
void read_descents(const CardContext& c, PictureKey& key) {
  key.add(c.pass.frame.header.several_paths).add(c.pass.frame.header.paths).add(c.pass.frame.facts.race);
}

void read_curves(const CardContext& c, PictureKey& key) {
  const SectionRevisions& sections = c.pass.contents.revisions;
  const FrameHeader& header = c.pass.frame.header;
  const FrameFacts& facts = c.pass.frame.facts;
  read_descents(c, key);
  key.add(header.several_paths > 0 ? sections.path : 0).add(sections.steps).add(sections.epochs);
  key.add(header.steps_per_epoch).add(header.step_stride).add(facts.step).add(facts.total_steps);
  key.add(facts.step_count).add(facts.epoch_count).add(facts.last_epoch);
  key.add(facts.curve_loss_max).add(facts.curve_loss_min).add(facts.curve_loss_least);
  key.add(facts.earlier_count).add(facts.earlier).add(sections.earlier);
  if (c.view.curves.kind == CurvesKind::kLoss) return;
  key.add(facts.gradient_norms).add(facts.update_norms).add(facts.last_step);
  key.add(facts.rates).add(facts.last_rate).add(sections.step_rates);
  key.add(facts.class_points).add(facts.class_stride).add(facts.curve_classes).add(facts.class_accuracy);
  key.add(sections.class_accuracies);
  key.add(facts.curvature).add(sections.curvatures);
}

void read_features(const CardContext& c, PictureKey& key) {
  const FrameHeader& header = c.pass.frame.header;
  const FrameFacts& facts = c.pass.frame.facts;
  key.add(c.pass.contents.revisions.features)
      .add(facts.layer_count)
      .add(facts.class_count)
      .add(header.layers);
  key.add(header.image_label)
      .add(header.image_prediction)
      .add(header.shown_classes)
      .add(header.probabilities);
  key.add(c.pass.contents.revisions.heat)
      .add(header.heat_width)
      .add(header.heat_height)
      .add(facts.heat_class);
}

void read_map(const CardContext& c, PictureKey& key) {
  const SectionRevisions& sections = c.pass.contents.revisions;
  key.add(c.pass.frame.facts.map).add(sections.map_images).add(sections.map_classes);
  key.add(sections.map_logits).add(sections.map_pixels);
}

StageCard paths_card(const CardSetup& setup) {
  StageCard card =
      on_ground(setup, &StageParts::paths, &StageLayout::paths,
                [legend = PathLegend(setup.font, setup.panels)](const CardContext& c, const Rect& inside) {
                  legend.draw(c.pass, inside, c.texts, c.labels);
                });
  card.reads = read_descents;
  return card;
}

StageCard curves_card(const CardSetup& setup) {
  const auto pass = std::make_shared<const CurvesPass>(setup.pass, setup.font, setup.panels);
  StageCard card = on_ground(setup, &StageParts::curves, &StageLayout::curves,
                             [pass](const CardContext& c, const Rect& inside) {
                               pass->draw(c.pass, inside, c.labels, c.view.curves, c.texts);
                             });
  card.reads = read_curves;
  return card;
}

StageCard fate_card(const CardSetup& setup) {
  const auto pass = std::make_shared<const FatePass>(setup.pass, setup.font, setup.panels);
  StageCard card =
      on_ground(setup, &StageParts::fate, &StageLayout::fate,
                [pass](const CardContext& c, const Rect& inside) { pass->draw(c.pass, inside, c.labels); });
  card.reads = [](const CardContext& c, PictureKey& key) {
    key.add(c.pass.frame.facts.fate).add(c.pass.contents.revisions.fate_lines);
  };
  return card;
}

// In the column or where the landscape is, which then is not drawn.
StageCard map_card(const CardSetup& setup) {
  const auto map = std::make_shared<const MapPass>(setup.pass, setup.font, setup.panels);
  const auto shown = [](const CardContext& c) { return c.view.parts.map || c.view.parts.large_map; };
  return {
      .draw =
          [map, shown, &panels = setup.panels](const CardContext& c) {
            if (!shown(c)) return;
            const Rect inside = panels.draw_ground(c.pass, c.layout.map, c.layout.padding);
            map->draw(c.pass, inside, c.texts, c.labels);
          },
      .place = [shown](const CardContext& c) { return shown(c) ? inset(snapped(c.layout.map), -1) : Rect{}; },
      .reads = read_map};
}

// In place of the landscape.
StageCard rates_card(const CardSetup& setup) {
  const auto rates = std::make_shared<const RatesPass>(setup.pass, setup.font, setup.panels);
  return {.draw =
              [rates](const CardContext& c) {
                if (c.view.parts.rates) rates->draw(c.pass, c.layout.under_headline(), c.labels);
              },
          .place =
              [](const CardContext& c) {
                return c.view.parts.rates ? inset(snapped(c.layout.under_headline()), -1) : Rect{};
              },
          .reads =
              [](const CardContext& c, PictureKey& key) {
                key.add(c.pass.frame.facts.rate_map).add(c.pass.contents.revisions.rate_map);
              }};
}

// The same.
StageCard sweep_card(const CardSetup& setup) {
  const auto sweep = std::make_shared<const SweepPass>(setup.pass, setup.font, setup.panels);
  const auto seeds = std::make_shared<const SeedsPass>(setup.pass, setup.font, setup.panels);
  return {.draw =
              [sweep, seeds](const CardContext& c) {
                if (!c.view.parts.sweep) return;
                const Rect area = c.layout.under_headline();
                if (c.pass.frame.facts.sweep.seeds.bars > 0)
                  seeds->draw(c.pass, area, c.view.sweep, c.labels);
                else
                  sweep->draw(c.pass, area, c.texts, *c.view.colors, c.view.sweep, c.labels);
              },
          .place =
              [](const CardContext& c) {
                return c.view.parts.sweep ? inset(snapped(c.layout.under_headline()), -1) : Rect{};
              },
          .reads =
              [](const CardContext& c, PictureKey& key) {
                key.add(c.pass.frame.facts.sweep).add(c.pass.contents.revisions.sweep_cells);
                key.add(c.pass.contents.revisions.seed_bars);
              }};
}

// Two parts of the layout, which in the room stand together; their shadow falls beyond the column.
StageCard wall_card(const CardSetup& setup) {
  const auto wall = std::make_shared<const FeatureWall>(setup.pass, setup.font, setup.panels);
  return {.layer = Layer::kOver,
          .draw =
              [wall](const CardContext& c) {
                wall->draw(c.pass, c.layout, c.view.parts, c.view.wall, c.texts, c.labels);
              },
          .place = [](const CardContext& c) { return FeatureWall::place(c.pass, c.layout, c.view.parts); },
          .reads = read_features};
}

constexpr StageCard (*kCards[])(const CardSetup&) = {paths_card, map_card,    rates_card, sweep_card,
                                                     fate_card,  curves_card, wall_card};

}  // namespace

std::vector<StageCard> make_cards(const CardSetup& setup) {
  std::vector<StageCard> cards;
  for (const auto make : kCards) cards.push_back(make(setup));
  return cards;
}

}  // namespace fl
