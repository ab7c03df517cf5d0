#include "engine/ui/rates/rates_hand.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include <glm/vec2.hpp>

namespace fl {
namespace {

constexpr double kZoomPerNotch = 0.8;
constexpr double kDoubleClick = 0.25;
// Somebody else may have moved the map in the meantime: then what was asked for is no longer true.
constexpr double kForget = 2;  // seconds

// Of a map, to the right and upward; nothing beside it.
std::optional<glm::dvec2> share_of(const Rect& plot, glm::vec2 pixel) {
  if (plot.empty()) return std::nullopt;
  const glm::dvec2 share{(static_cast<double>(pixel.x) - plot.x) / plot.width,
                         (static_cast<double>(plot.bottom()) - pixel.y) / plot.height};
  const bool inside = share.x >= 0 && share.x < 1 && share.y >= 0 && share.y < 1;
  return inside ? std::optional(share) : std::nullopt;
}

}  // namespace

RateView RatesHand::now() const {
  return asked_.value_or(RateView{shown_.first, shown_.second, shown_.span});
}

void RatesHand::ask(const RateView& view) {
  if (shown_.side == 0) return;
  const RateView next = possible(view, shown_.side);
  if (next == now()) return;
  asked_ = next;
  age_ = 0;
  news_ = true;
}

void RatesHand::zoom_about(glm::dvec2 share, double factor) {
  const RateView view = now();
  const double least = shown_.side > 0 ? least_span(shown_.side) / view.span : 1;
  factor = std::max(factor, least);
  const double by = view.span * (1 - factor);
  ask({view.first + (share.x - 0.5) * by, view.second + (share.y - 0.5) * by, view.span * factor});
}

void RatesHand::zoom(double factor) {
  zoom_about({0.5, 0.5}, factor);
}

void RatesHand::move(glm::vec2 shares) {
  const RateView view = now();
  ask({view.first - static_cast<double>(shares.x) * view.span,
       view.second + static_cast<double>(shares.y) * view.span, view.span});
}

void RatesHand::show_whole() {
  ask({shown_.whole_first, shown_.whole_second, shown_.whole_span});
}

void RatesHand::handle(const WindowInput& input, const RatesFacts& shown, const Rect& plot, double seconds) {
  shown_ = shown;
  age_ += seconds;
  if (asked_ && (*asked_ == RateView{shown.first, shown.second, shown.span} || age_ > kForget))
    asked_.reset();
  if (plot.empty()) return;
  const glm::vec2 way = input.turn + input.pan;
  if (way != glm::vec2(0)) move(way / plot.width);
  const auto under = share_of(plot, input.pointer);
  if (input.scroll != 0 && under)
    zoom_about(*under, std::pow(kZoomPerNotch, static_cast<double>(input.scroll)));
  if (!input.double_click) return;
  if (const auto at = share_of(plot, *input.double_click)) zoom_about(*at, kDoubleClick);
}

std::optional<command::ShowRates> RatesHand::take() {
  if (!std::exchange(news_, false) || !asked_) return std::nullopt;
  return command::ShowRates{{asked_->first, asked_->second}, asked_->span};
}

std::optional<glm::dvec2> rates_under(const RatesFacts& shown, const Rect& plot, glm::vec2 pixel) {
  const auto share = share_of(plot, pixel);
  if (shown.side == 0 || !share) return std::nullopt;
  return glm::dvec2{shown.first + (share->x - 0.5) * shown.span,
                    shown.second + (share->y - 0.5) * shown.span};
}

}  // namespace fl
