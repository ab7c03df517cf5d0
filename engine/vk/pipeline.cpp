#include "engine/vk/pipeline.h"

#include "engine/vk/check.h"
#include "trainer/base/check.h"

namespace fl {
namespace {

constexpr VkShaderStageFlags kStages = VK_SHADER_STAGE_VERTEX_BIT | VK_SHADER_STAGE_FRAGMENT_BIT;

ShaderModuleHandle make_module(const Device& device, std::span<const std::uint32_t> code) {
  VkShaderModuleCreateInfo info{VK_STRUCTURE_TYPE_SHADER_MODULE_CREATE_INFO};
  info.codeSize = code.size_bytes();
  info.pCode = code.data();
  VkShaderModule module = VK_NULL_HANDLE;
  VK_CHECK(vkCreateShaderModule(device.handle(), &info, nullptr, &module));
  return {device.handle(), module};
}

PipelineLayoutHandle make_layout(const Device& device, std::span<const VkDescriptorSetLayout> sets,
                                 VkShaderStageFlags stages, std::uint32_t push_bytes) {
  FL_CHECK(push_bytes <= 128);
  const VkPushConstantRange range{stages, 0, push_bytes};
  VkPipelineLayoutCreateInfo create{VK_STRUCTURE_TYPE_PIPELINE_LAYOUT_CREATE_INFO};
  create.setLayoutCount = static_cast<std::uint32_t>(sets.size());
  create.pSetLayouts = sets.data();
  create.pushConstantRangeCount = push_bytes > 0 ? 1 : 0;
  create.pPushConstantRanges = &range;
  VkPipelineLayout layout = VK_NULL_HANDLE;
  VK_CHECK(vkCreatePipelineLayout(device.handle(), &create, nullptr, &layout));
  return {device.handle(), layout};
}

VkPipelineColorBlendAttachmentState blend_state(Blend blend) {
  VkPipelineColorBlendAttachmentState state{};
  state.colorWriteMask = VK_COLOR_COMPONENT_R_BIT | VK_COLOR_COMPONENT_G_BIT | VK_COLOR_COMPONENT_B_BIT |
                         VK_COLOR_COMPONENT_A_BIT;
  if (blend == Blend::kAlpha || blend == Blend::kPremultiplied) {
    state.blendEnable = VK_TRUE;
    state.srcColorBlendFactor = blend == Blend::kAlpha ? VK_BLEND_FACTOR_SRC_ALPHA : VK_BLEND_FACTOR_ONE;
    state.dstColorBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
    state.colorBlendOp = VK_BLEND_OP_ADD;
    state.srcAlphaBlendFactor = VK_BLEND_FACTOR_ONE;
    state.dstAlphaBlendFactor = VK_BLEND_FACTOR_ONE_MINUS_SRC_ALPHA;
    state.alphaBlendOp = VK_BLEND_OP_ADD;
  }
  if (blend == Blend::kAlphaToCoverage)  // alpha has done its work as coverage: the picture stays opaque
    state.colorWriteMask &= ~static_cast<VkColorComponentFlags>(VK_COLOR_COMPONENT_A_BIT);
  return state;
}

VkPipelineDepthStencilStateCreateInfo depth_state(Depth depth) {
  VkPipelineDepthStencilStateCreateInfo state{VK_STRUCTURE_TYPE_PIPELINE_DEPTH_STENCIL_STATE_CREATE_INFO};
  state.depthTestEnable = depth != Depth::kNone ? VK_TRUE : VK_FALSE;
  state.depthWriteEnable = depth == Depth::kTestWrite ? VK_TRUE : VK_FALSE;
  state.depthCompareOp = depth == Depth::kBehind ? VK_COMPARE_OP_GREATER : VK_COMPARE_OP_LESS_OR_EQUAL;
  return state;
}

}  // namespace

GraphicsPipeline::GraphicsPipeline(const Device& device, const GraphicsPipelineInfo& info)
    : layout_(make_layout(device, info.sets, kStages, info.push_bytes)) {
  const ShaderModuleHandle vertex = make_module(device, info.vertex);
  const bool has_fragment = !info.fragment.empty();
  const ShaderModuleHandle fragment =
      has_fragment ? make_module(device, info.fragment) : ShaderModuleHandle{};
  std::array<VkPipelineShaderStageCreateInfo, 2> stages{};
  for (auto& stage : stages) {
    stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
    stage.pName = "main";
  }
  stages[0].stage = VK_SHADER_STAGE_VERTEX_BIT;
  stages[0].module = vertex.get();
  stages[1].stage = VK_SHADER_STAGE_FRAGMENT_BIT;
  stages[1].module = fragment.get();

  const VkPipelineVertexInputStateCreateInfo input{VK_STRUCTURE_TYPE_PIPELINE_VERTEX_INPUT_STATE_CREATE_INFO};
  VkPipelineInputAssemblyStateCreateInfo assembly{
      VK_STRUCTURE_TYPE_PIPELINE_INPUT_ASSEMBLY_STATE_CREATE_INFO};
  assembly.topology = info.topology;
  VkPipelineViewportStateCreateInfo viewport{VK_STRUCTURE_TYPE_PIPELINE_VIEWPORT_STATE_CREATE_INFO};
  viewport.viewportCount = 1;
  viewport.scissorCount = 1;
  VkPipelineRasterizationStateCreateInfo raster{VK_STRUCTURE_TYPE_PIPELINE_RASTERIZATION_STATE_CREATE_INFO};
  raster.polygonMode = VK_POLYGON_MODE_FILL;
  raster.cullMode = VK_CULL_MODE_NONE;  // surfaces are seen from below too
  raster.lineWidth = 1;
  VkPipelineMultisampleStateCreateInfo multisample{VK_STRUCTURE_TYPE_PIPELINE_MULTISAMPLE_STATE_CREATE_INFO};
  multisample.rasterizationSamples = info.samples;
  multisample.alphaToCoverageEnable = info.blend == Blend::kAlphaToCoverage ? VK_TRUE : VK_FALSE;
  const VkPipelineDepthStencilStateCreateInfo depth = depth_state(info.depth);
  const VkPipelineColorBlendAttachmentState attachment = blend_state(info.blend);
  VkPipelineColorBlendStateCreateInfo blend{VK_STRUCTURE_TYPE_PIPELINE_COLOR_BLEND_STATE_CREATE_INFO};
  const bool in_pass = info.render_pass != VK_NULL_HANDLE;
  const std::uint32_t color_count = !in_pass && info.color_format == VK_FORMAT_UNDEFINED ? 0 : 1;
  blend.attachmentCount = color_count;
  blend.pAttachments = &attachment;
  constexpr std::array kDynamic{VK_DYNAMIC_STATE_VIEWPORT, VK_DYNAMIC_STATE_SCISSOR};
  VkPipelineDynamicStateCreateInfo dynamic{VK_STRUCTURE_TYPE_PIPELINE_DYNAMIC_STATE_CREATE_INFO};
  dynamic.dynamicStateCount = static_cast<std::uint32_t>(kDynamic.size());
  dynamic.pDynamicStates = kDynamic.data();
  VkPipelineRenderingCreateInfo rendering{VK_STRUCTURE_TYPE_PIPELINE_RENDERING_CREATE_INFO};
  rendering.colorAttachmentCount = color_count;
  rendering.pColorAttachmentFormats = &info.color_format;
  rendering.depthAttachmentFormat = info.depth_format;

  VkGraphicsPipelineCreateInfo create{VK_STRUCTURE_TYPE_GRAPHICS_PIPELINE_CREATE_INFO};
  create.pNext = in_pass ? nullptr : &rendering;
  create.stageCount = has_fragment ? 2 : 1;
  create.pStages = stages.data();
  create.pVertexInputState = &input;
  create.pInputAssemblyState = &assembly;
  create.pViewportState = &viewport;
  create.pRasterizationState = &raster;
  create.pMultisampleState = &multisample;
  create.pDepthStencilState = &depth;
  create.pColorBlendState = &blend;
  create.pDynamicState = &dynamic;
  create.layout = layout_.get();
  create.renderPass = info.render_pass;
  VkPipeline pipeline = VK_NULL_HANDLE;
  VK_CHECK(vkCreateGraphicsPipelines(device.handle(), VK_NULL_HANDLE, 1, &create, nullptr, &pipeline));
  pipeline_ = PipelineHandle(device.handle(), pipeline);
}

ComputePipeline::ComputePipeline(const Device& device, std::span<const std::uint32_t> code,
                                 const std::vector<VkDescriptorSetLayout>& sets, std::uint32_t push_bytes)
    : layout_(make_layout(device, sets, VK_SHADER_STAGE_COMPUTE_BIT, push_bytes)) {
  const ShaderModuleHandle module = make_module(device, code);
  VkComputePipelineCreateInfo create{VK_STRUCTURE_TYPE_COMPUTE_PIPELINE_CREATE_INFO};
  create.stage.sType = VK_STRUCTURE_TYPE_PIPELINE_SHADER_STAGE_CREATE_INFO;
  create.stage.stage = VK_SHADER_STAGE_COMPUTE_BIT;
  create.stage.module = module.get();
  create.stage.pName = "main";
  create.layout = layout_.get();
  VkPipeline pipeline = VK_NULL_HANDLE;
  VK_CHECK(vkCreateComputePipelines(device.handle(), VK_NULL_HANDLE, 1, &create, nullptr, &pipeline));
  pipeline_ = PipelineHandle(device.handle(), pipeline);
}

}  // namespace fl
