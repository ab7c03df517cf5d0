#include "trainer/files/landscape_file.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <iterator>
#include <limits>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "trainer/seam/frame.h"

namespace fl {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

std::vector<std::byte> bytes_of(std::string_view text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

double place(double low, double high, std::uint32_t index, std::uint32_t side) {
  return low + index * ((high - low) / (side - 1));
}

CellState state_of(const Surface& surface, std::size_t cell) {
  return static_cast<CellState>(surface.cells()[cell]);
}

const char* known(CellState state) {
  switch (state) {
    case CellState::kEvaluated:
      return "evaluated";
    case CellState::kCorrected:
      return "corrected";
    case CellState::kPredicted:
      return "predicted";
    case CellState::kNonFinite:
      return "hole";
    case CellState::kUnknown:
      break;
  }
  return "unknown";
}

// NaN in a hole, and where nothing is known.
float loss_of(const Surface& surface, std::size_t cell) {
  const CellState state = state_of(surface, cell);
  const float loss = surface.heights()[cell];
  return state == CellState::kUnknown || state == CellState::kNonFinite || !std::isfinite(loss) ? kNone
                                                                                                : loss;
}

// In units of the loss.
float bound_of(const Surface& surface, std::size_t cell) {
  const CellState state = state_of(surface, cell);
  if (state == CellState::kEvaluated) return 0;
  if (state != CellState::kPredicted && state != CellState::kCorrected) return kNone;
  return static_cast<float>(surface.error(LossScale::kLinear)) * (surface.maximum() - surface.minimum());
}

std::string all_digits(float value) {
  return std::isnan(value) ? "nan" : fmt::format("{}", value);
}

std::vector<std::byte> csv(const LandscapeView& view) {
  fmt::memory_buffer out;
  const auto to = std::back_inserter(out);
  fmt::format_to(to, "a,b,loss,known,bound");
  if (view.surfaces.size() > 1)
    fmt::format_to(to, ",{0}_loss,{0}_known,{0}_bound", view.surfaces[1].network.empty() ? "test" : "second");
  fmt::format_to(to, "\n");
  const std::uint32_t side = view.surfaces.front().surface->side();
  const Plane& plane = *view.plane;
  for (std::size_t cell = 0; cell < std::size_t{side} * side; ++cell) {
    const auto column = static_cast<std::uint32_t>(cell % side),
               row = static_cast<std::uint32_t>(cell / side);
    fmt::format_to(to, "{},{}", place(plane.a_min, plane.a_max, column, side),
                   place(plane.b_min, plane.b_max, row, side));
    for (const SurfaceView& each : view.surfaces)
      fmt::format_to(to, ",{},{},{}", all_digits(loss_of(*each.surface, cell)),
                     known(state_of(*each.surface, cell)), all_digits(bound_of(*each.surface, cell)));
    fmt::format_to(to, "\n");
  }
  return bytes_of({out.data(), out.size()});
}

// The points of a .vtp with what each has, and what joins them.
struct Mesh {
  std::vector<float> points;  // x, y, z
  std::vector<float> loss, bound, slice_loss, off_plane, step, rate;
  std::vector<std::uint8_t> known, part;
  std::vector<std::int64_t> polygons, polygon_ends, lines, line_ends;

  void add(float a, float b, float z) {
    // A point without a height is in no polygon, and lies on the floor.
    points.insert(points.end(), {a, b, std::isfinite(z) ? z : 0});
    for (std::vector<float>* none : {&loss, &bound, &slice_loss, &off_plane, &step, &rate})
      none->push_back(kNone);
    known.push_back(0);
    part.push_back(0);
  }
  [[nodiscard]] std::int64_t count() const { return static_cast<std::int64_t>(loss.size()); }
};

void add_surface(Mesh& mesh, const Plane& plane, const Surface& surface, std::uint8_t part) {
  const std::uint32_t side = surface.side();
  const std::int64_t first = mesh.count();
  for (std::uint32_t row = 0; row < side; ++row)
    for (std::uint32_t column = 0; column < side; ++column) {
      const std::size_t cell = std::size_t{row} * side + column;
      const float loss = loss_of(surface, cell);
      mesh.add(static_cast<float>(place(plane.a_min, plane.a_max, column, side)),
               static_cast<float>(place(plane.b_min, plane.b_max, row, side)), loss);
      mesh.loss.back() = loss;
      mesh.bound.back() = bound_of(surface, cell);
      mesh.known.back() = static_cast<std::uint8_t>(state_of(surface, cell));
      mesh.part.back() = part;
    }
  const auto open = [&](std::int64_t at) { return std::isnan(mesh.loss[static_cast<std::size_t>(at)]); };
  for (std::uint32_t row = 0; row + 1 < side; ++row)
    for (std::uint32_t column = 0; column + 1 < side; ++column) {
      const std::int64_t at = first + std::int64_t{row} * side + column;
      const std::int64_t corners[] = {at, at + 1, at + 1 + side, at + side};
      if (std::ranges::any_of(corners, open)) continue;
      mesh.polygons.insert(mesh.polygons.end(), std::begin(corners), std::end(corners));
      mesh.polygon_ends.push_back(static_cast<std::int64_t>(mesh.polygons.size()));
    }
}

void add_path(Mesh& mesh, std::span<const PathPoint> path) {
  const std::size_t before = mesh.lines.size();
  for (const PathPoint& point : path) {
    if (!std::isfinite(point.real_loss)) continue;  // it has no height
    mesh.lines.push_back(mesh.count());
    mesh.add(point.a, point.b, point.real_loss);
    mesh.loss.back() = point.real_loss;
    mesh.bound.back() = 0;
    mesh.slice_loss.back() = point.slice_loss;
    mesh.off_plane.back() = point.off_plane;
    mesh.step.back() = point.step;
    mesh.rate.back() = point.rate;
    mesh.known.back() = static_cast<std::uint8_t>(CellState::kEvaluated);
    mesh.part.back() = 2;
  }
  if (mesh.lines.size() - before < 2)
    mesh.lines.resize(before);
  else
    mesh.line_ends.push_back(static_cast<std::int64_t>(mesh.lines.size()));
}

// The XML, and the arrays behind it: each with its length in bytes before it.
class VtpWriter {
 public:
  void open(const std::string& tag) { xml_ += fmt::format("{:{}}<{}>\n", "", indent(+1), tag); }
  void close(const std::string& tag) { xml_ += fmt::format("{:{}}</{}>\n", "", indent(-1), tag); }
  template <typename T>
  void array(const char* name, const char* type, const std::vector<T>& values, int components = 1) {
    xml_ += fmt::format(
        "{:{}}<DataArray type=\"{}\" Name=\"{}\" NumberOfComponents=\"{}\" format=\"appended\" "
        "offset=\"{}\"/>\n",
        "", 2 * depth_, type, name, components, data_.size());
    const std::uint64_t bytes = values.size() * sizeof(T);
    append(&bytes, sizeof bytes);
    append(values.data(), static_cast<std::size_t>(bytes));
  }
  [[nodiscard]] std::vector<std::byte> file() const {
    std::vector<std::byte> all = bytes_of(xml_ + "  <AppendedData encoding=\"raw\">\n   _");
    all.insert(all.end(), data_.begin(), data_.end());
    const std::vector<std::byte> end = bytes_of("\n  </AppendedData>\n</VTKFile>\n");
    all.insert(all.end(), end.begin(), end.end());
    return all;
  }

 private:
  int indent(int change) {
    const int before = depth_;
    depth_ += change;
    return 2 * std::min(before, depth_);
  }
  void append(const void* values, std::size_t bytes) {
    const auto* first = static_cast<const std::byte*>(values);
    data_.insert(data_.end(), first, first + bytes);
  }

  std::string xml_ = "<?xml version=\"1.0\"?>\n";
  std::vector<std::byte> data_;
  int depth_ = 0;
};

std::vector<std::byte> vtp(const LandscapeView& view) {
  Mesh mesh;
  for (std::size_t i = 0; i < view.surfaces.size(); ++i)
    add_surface(mesh, *view.plane, *view.surfaces[i].surface, static_cast<std::uint8_t>(i));
  for (const PathView& path : view.paths) add_path(mesh, path.points);
  VtpWriter out;
  constexpr bool kLittle = std::endian::native == std::endian::little;
  out.open(fmt::format("VTKFile type=\"PolyData\" version=\"1.0\" byte_order=\"{}\" header_type=\"UInt64\"",
                       kLittle ? "LittleEndian" : "BigEndian"));
  out.open("PolyData");
  out.open(
      fmt::format("Piece NumberOfPoints=\"{}\" NumberOfVerts=\"0\" NumberOfLines=\"{}\" "
                  "NumberOfStrips=\"0\" NumberOfPolys=\"{}\"",
                  mesh.count(), mesh.line_ends.size(), mesh.polygon_ends.size()));
  out.open("PointData Scalars=\"loss\"");
  out.array("loss", "Float32", mesh.loss);
  out.array("bound", "Float32", mesh.bound);
  out.array("slice_loss", "Float32", mesh.slice_loss);
  out.array("off_plane", "Float32", mesh.off_plane);
  out.array("step", "Float32", mesh.step);
  out.array("rate", "Float32", mesh.rate);
  out.array("known", "UInt8", mesh.known);
  out.array("part", "UInt8", mesh.part);
  out.close("PointData");
  out.open("Points");
  out.array("Points", "Float32", mesh.points, 3);
  out.close("Points");
  out.open("Lines");
  out.array("connectivity", "Int64", mesh.lines);
  out.array("offsets", "Int64", mesh.line_ends);
  out.close("Lines");
  out.open("Polys");
  out.array("connectivity", "Int64", mesh.polygons);
  out.array("offsets", "Int64", mesh.polygon_ends);
  out.close("Polys");
  out.close("Piece");
  out.close("PolyData");
  return out.file();
}

constexpr LandscapeFormat kFormats[] = {{".csv", csv}, {".vtp", vtp}};

}  // namespace

std::span<const LandscapeFormat> landscape_formats() {
  return kFormats;
}

}  // namespace fl
