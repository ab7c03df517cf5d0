#pragma once
// The two principal components of embeddings, in which a picture shows what a head is trained on: the
// directions along which the features vary most. They come from the eigenvectors of the Gram matrix of a few
// hundred images, which is smaller than the covariance of as many features.

#include <array>
#include <cstddef>
#include <optional>
#include <span>
#include <vector>

namespace fl {

struct PrincipalPlane {
  std::vector<double> mean;                 // [feature], of the images
  std::array<std::vector<double>, 2> axes;  // of length 1; zero where the images have no such direction
  std::array<double, 2> shares{};           // of the variance, in [0, 1], the larger first

  // Of one image's features.
  [[nodiscard]] std::array<double, 2> place(std::span<const float> features) const;
};

// `features`: [image][count]. An axis points to where its largest entry is positive, so that the same images
// give the same plane. Nothing where all images are alike, or a feature is not a number.
std::optional<PrincipalPlane> principal_plane(std::span<const float> features, std::size_t count);

// An order of points in which any number of the first ones is spread over all: each is the one farthest from
// those before it, by the larger of the distances along x and y.
struct SpreadOrder {
  std::vector<std::size_t> points;
  std::vector<double>
      gaps;  // of each, in that order, to the nearest before it; they never rise; the first: infinite
};
SpreadOrder spread_order(std::span<const std::array<double, 2>> points);

}  // namespace fl
