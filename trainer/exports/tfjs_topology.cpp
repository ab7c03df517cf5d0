#include "trainer/exports/tfjs_topology.h"

#include <span>

namespace fl {
namespace {

bool has_head(const TfjsGraph& graph) {
  const auto& layers = graph.layers;
  if (graph.head < 2 || graph.head >= layers.size() || layers[graph.head].kind != "Dense" ||
      layers.back().kind != "Dense")
    return false;
  for (std::size_t i = graph.head - 1; i < layers.size(); ++i)
    if (layers[i].inputs != std::vector{layers[i - 1].name}) return false;
  return true;
}

Json sequential_layer(const TfjsLayer& layer) {
  return Json::Object{{"class_name", layer.kind}, {"config", layer.config}};
}

Json end_of(const std::string& name) {
  return Json::Array{Json::Array{name, 0, 0}};
}

Json listed_layer(const std::string& name, const std::string& kind, Json config, Json nodes) {
  return Json::Object{{"name", name},
                      {"class_name", kind},
                      {"config", std::move(config)},
                      {"inbound_nodes", std::move(nodes)}};
}

// Of the first `count` layers.
Json model_of(const TfjsGraph& graph, std::size_t count) {
  Json image = Json::Object{{"batch_input_shape", Json::Array{Json(), graph.side, graph.side, 3}},
                            {"dtype", "float32"},
                            {"sparse", false},
                            {"name", graph.image}};
  Json::Array layers{listed_layer(graph.image, "InputLayer", std::move(image), Json::Array{})};
  for (const TfjsLayer& layer : std::span(graph.layers).first(count)) {
    Json::Array inputs;
    for (const std::string& name : layer.inputs) inputs.push_back(Json::Array{name, 0, 0, Json::Object{}});
    layers.push_back(listed_layer(layer.name, layer.kind, layer.config, Json::Array{std::move(inputs)}));
  }
  return Json::Object{{"class_name", "Model"},
                      {"config", Json::Object{{"name", "network"},
                                              {"layers", std::move(layers)},
                                              {"input_layers", end_of(graph.image)},
                                              {"output_layers", end_of(graph.layers[count - 1].name)}}}};
}

Json sequential(const char* name, Json::Array layers) {
  return Json::Object{{"class_name", "Sequential"},
                      {"config", Json::Object{{"name", name}, {"layers", std::move(layers)}}}};
}

}  // namespace

Json tfjs_topology(const TfjsGraph& graph) {
  Json all;
  if (has_head(graph)) {
    Json::Array above;
    for (const TfjsLayer& layer : std::span(graph.layers).subspan(graph.head))
      above.push_back(sequential_layer(layer));
    all = sequential("model", {sequential("features", {model_of(graph, graph.head - 1),
                                                       sequential_layer(graph.layers[graph.head - 1])}),
                               sequential("head", std::move(above))});
  } else {
    all = model_of(graph, graph.layers.size());
  }
  Json::Object topology = *all.object();
  topology.push_back({"keras_version", "tfjs-layers 1.7.4"});
  topology.push_back({"backend", "tensor_flow.js"});
  return topology;
}

}  // namespace fl
