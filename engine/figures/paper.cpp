#include "engine/figures/paper.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <numbers>
#include <vector>

#include <cairo-pdf.h>
#include <cairo-svg.h>
#include <cairo.h>
#include <pango/pangocairo.h>

#include "trainer/base/atomic_file.h"
#include "trainer/base/check.h"
#include "trainer/base/printable.h"

namespace fl {
namespace {

template <auto Free>
struct Freed {
  template <typename T>
  void operator()(T* thing) const {
    Free(thing);
  }
};
using Surface = std::unique_ptr<cairo_surface_t, Freed<cairo_surface_destroy>>;
using Context = std::unique_ptr<cairo_t, Freed<cairo_destroy>>;
using Font = std::unique_ptr<PangoFontDescription, Freed<pango_font_description_free>>;
using Layout = std::unique_ptr<PangoLayout, Freed<g_object_unref>>;

cairo_status_t append(void* to, const unsigned char* data, unsigned length) {
  auto& bytes = *static_cast<std::vector<std::byte>*>(to);
  const auto* from = reinterpret_cast<const std::byte*>(data);
  bytes.insert(bytes.end(), from, from + length);
  return CAIRO_STATUS_SUCCESS;
}

void set_ink(cairo_t* to, const Ink& ink) {
  cairo_set_source_rgba(to, double{ink.srgb.r}, double{ink.srgb.g}, double{ink.srgb.b}, double{ink.alpha});
}

Layout set_words(cairo_t* to, const std::string& text, const WordStyle& style) {
  Layout layout(pango_cairo_create_layout(to));
  const Font font(pango_font_description_new());
  pango_font_description_set_family(font.get(), "Inter, sans-serif");
  pango_font_description_set_absolute_size(font.get(), style.size * PANGO_SCALE);
  pango_font_description_set_weight(font.get(), style.bold ? PANGO_WEIGHT_SEMIBOLD : PANGO_WEIGHT_NORMAL);
  pango_layout_set_font_description(layout.get(), font.get());
  pango_layout_set_single_paragraph_mode(layout.get(), TRUE);
  const std::string safe = printable(text, 4096);
  pango_layout_set_text(layout.get(), safe.data(), static_cast<int>(safe.size()));
  if (style.width > 0) {
    pango_layout_set_width(layout.get(), static_cast<int>(style.width * PANGO_SCALE));
    pango_layout_set_ellipsize(layout.get(), PANGO_ELLIPSIZE_END);
  }
  return layout;
}

glm::dvec2 size_of(PangoLayout* layout) {
  PangoRectangle rect{};
  pango_layout_get_extents(layout, nullptr, &rect);
  return glm::dvec2(rect.width, rect.height) / double{PANGO_SCALE};
}

}  // namespace

struct Paper::Page {
  glm::dvec2 size;
  Surface surface;
  Context context;
};

Paper::Paper(double width, double height) : page_(std::make_unique<Page>()) {
  page_->size = {width, height};
  const cairo_rectangle_t extents{0, 0, width, height};
  page_->surface.reset(cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, &extents));
  page_->context.reset(cairo_create(page_->surface.get()));
  fill({0, 0}, page_->size, {.srgb = {1, 1, 1}});
}
Paper::Paper(Paper&&) noexcept = default;
Paper::~Paper() = default;

void Paper::fill(glm::dvec2 corner, glm::dvec2 size, const Ink& ink) {
  set_ink(page_->context.get(), ink);
  cairo_rectangle(page_->context.get(), corner.x, corner.y, size.x, size.y);
  cairo_fill(page_->context.get());
}

void Paper::frame(glm::dvec2 corner, glm::dvec2 size, double line, const Ink& ink) {
  set_ink(page_->context.get(), ink);
  cairo_set_line_width(page_->context.get(), line);
  cairo_rectangle(page_->context.get(), corner.x, corner.y, size.x, size.y);
  cairo_stroke(page_->context.get());
}

void Paper::line(glm::dvec2 from, glm::dvec2 to, double line, const Ink& ink) {
  const std::array ends{from, to};
  this->line(std::span<const glm::dvec2>(ends), line, ink);
}

void Paper::line(std::span<const glm::dvec2> points, double line, const Ink& ink,
                 std::span<const double> dash) {
  cairo_t* to = page_->context.get();
  set_ink(to, ink);
  cairo_set_line_width(to, line);
  cairo_set_line_cap(to, dash.empty() ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
  cairo_set_line_join(to, CAIRO_LINE_JOIN_ROUND);
  cairo_set_dash(to, dash.data(), static_cast<int>(dash.size()), 0);
  cairo_new_path(to);  // words leave a place from which the line would begin
  for (const glm::dvec2& point : points) cairo_line_to(to, point.x, point.y);
  cairo_stroke(to);
  cairo_set_dash(to, nullptr, 0, 0);
}

void Paper::dot(glm::dvec2 middle, double radius, const Ink& ink) {
  set_ink(page_->context.get(), ink);
  cairo_arc(page_->context.get(), middle.x, middle.y, radius, 0, 2 * std::numbers::pi);
  cairo_fill(page_->context.get());
}

void Paper::picture(glm::dvec2 corner, glm::dvec2 size, std::size_t columns, std::size_t rows,
                    std::span<const Ink> inks) {
  FL_CHECK(inks.size() == columns * rows && columns > 0 && rows > 0);
  cairo_t* to = page_->context.get();
  const Surface image(
      cairo_image_surface_create(CAIRO_FORMAT_ARGB32, static_cast<int>(columns), static_cast<int>(rows)));
  unsigned char* bytes = cairo_image_surface_get_data(image.get());
  const auto stride = static_cast<std::size_t>(cairo_image_surface_get_stride(image.get()));
  for (std::size_t i = 0; i < inks.size(); ++i) {
    const auto part = [&](float value) {  // colours are multiplied by the alpha in this format
      return static_cast<std::uint32_t>(std::clamp(value * inks[i].alpha, 0.0f, 1.0f) * 255 + 0.5f);
    };
    const glm::vec3& c = inks[i].srgb;
    const std::uint32_t pixel = part(1) << 24 | part(c.r) << 16 | part(c.g) << 8 | part(c.b);
    std::memcpy(bytes + i / columns * stride + i % columns * sizeof pixel, &pixel, sizeof pixel);
  }
  cairo_surface_mark_dirty(image.get());
  cairo_save(to);
  cairo_rectangle(to, corner.x, corner.y, size.x, size.y);
  cairo_clip(to);
  cairo_translate(to, corner.x, corner.y);
  cairo_scale(to, size.x / static_cast<double>(columns), size.y / static_cast<double>(rows));
  cairo_set_source_surface(to, image.get(), 0, 0);
  cairo_pattern_set_extend(cairo_get_source(to), CAIRO_EXTEND_PAD);
  cairo_paint(to);
  cairo_restore(to);
}

void Paper::words(glm::dvec2 place, const std::string& text, const WordStyle& style) {
  cairo_t* to = page_->context.get();
  const Layout layout = set_words(to, text, style);
  const glm::dvec2 size = size_of(layout.get());
  const double before = style.aligned == Aligned::kLeft ? 0 : style.aligned == Aligned::kMiddle ? 0.5 : 1;
  cairo_save(to);
  cairo_translate(to, place.x, place.y);
  if (style.upward) cairo_rotate(to, -std::numbers::pi / 2);
  cairo_move_to(to, -before * (style.width > 0 ? std::min(style.width, size.x) : size.x), -size.y / 2);
  set_ink(to, style.ink);
  pango_cairo_show_layout(to, layout.get());
  cairo_restore(to);
}

glm::dvec2 Paper::room(const std::string& text, const WordStyle& style) const {
  return size_of(set_words(page_->context.get(), text, style).get());
}

Result<void> Paper::save(const std::filesystem::path& path, double pixels) const {
  const std::string ending = path.extension().string();
  std::vector<std::byte> bytes;
  const auto copy_to = [&](Surface to, double scale) {
    const Context context(cairo_create(to.get()));
    cairo_scale(context.get(), scale, scale);
    cairo_set_source_surface(context.get(), page_->surface.get(), 0, 0);
    cairo_paint(context.get());
    return to;
  };
  cairo_status_t status = CAIRO_STATUS_SUCCESS;
  if (ending == ".png") {
    const auto whole = [&](double length) { return static_cast<int>(length * pixels); };
    const Surface drawn = copy_to(
        Surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, whole(page_->size.x), whole(page_->size.y))),
        pixels);
    status = cairo_surface_write_to_png_stream(drawn.get(), append, &bytes);
  } else if (ending == ".svg" || ending == ".pdf") {
    auto* const create =
        ending == ".svg" ? cairo_svg_surface_create_for_stream : cairo_pdf_surface_create_for_stream;
    const Surface drawn = copy_to(Surface(create(append, &bytes, page_->size.x, page_->size.y)), 1);
    cairo_surface_finish(drawn.get());
    status = cairo_surface_status(drawn.get());
  } else {
    return error("{} has no ending that a figure can have; call it NAME.png, NAME.svg or NAME.pdf.",
                 printable(path.string()));
  }
  if (status != CAIRO_STATUS_SUCCESS)
    return error("{} could not be drawn: {}.", printable(path.string()), cairo_status_to_string(status));
  return write_file_atomic(path, bytes);
}

}  // namespace fl
