#pragma once
// What learns from a lesson's images, where its scene leaves that open: a head on a backbone, or a network
// from scratch. A Teachable Machine project is trained as Teachable Machine trains it.

#include <cstdint>
#include <optional>
#include <string>

#include <toml++/toml.h>

#include "trainer/data/sources/tm_project.h"
#include "trainer/subjects/run_spec.h"

namespace fl {

enum class NetworkChoice : std::uint8_t { kTransfer, kScratch };

// Makes the scene say one of the two, whatever it said before; what goes only with the other is removed from
// it. kTransfer: a head on the program's own backbone.
void choose_network(toml::table& scene, NetworkChoice choice);

// Puts what a project's file says into a scene of its images, where that says nothing: epochs, batch size and
// rate, but for what the file has wrong; the same batches in every epoch; a head on the program's own
// backbone, which starts from smaller weights and learns from mirrored images, too. A scene that asks for
// what only a network from scratch can have gets that instead, and the key that does is returned:
// "network.layers". From scratch the rate is what such a network needs at the least, since a file's is one
// for heads; and unless the scene chooses the network, images keep more of their pixels and are changed each
// time.
std::optional<std::string> complete_with_project(toml::table& scene, const TmSettings& settings);

// What learns, for a picture: "transfer: phantom backbone", "from scratch"; empty where the scene does not
// say. `run`: the scene, read.
std::string network_words(const toml::table& scene, const RunSpec& run);

}  // namespace fl
