#pragma once
// Classes with too few images to train on: all of them are named at once, with what was found in their place,
// or left out where the scene says so.

#include <string>

#include "trainer/base/result.h"
#include "trainer/data/dataset.h"
#include "trainer/data/sources/class_listing.h"

namespace fl {

// The images a class needs so that `test_fraction` of them, rounded up, leaves one to train on; at least 2.
std::size_t fewest_images(double test_fraction);

// `data` as it is where every class has enough images, or without the others where `spec` leaves them out;
// each is named in the log. `name`: what the sentences call the source. `project`: it was made in Teachable
// Machine. Errors: too few images in a class, fewer than two classes.
Result<Dataset> keep_usable_classes(Dataset data, const ClassListing& listing, const DataSpec& spec,
                                    const std::string& name, bool project);

}  // namespace fl
