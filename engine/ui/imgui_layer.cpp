#include "engine/ui/imgui_layer.h"

#define GLFW_INCLUDE_NONE
#include <algorithm>
#include <deque>
#include <filesystem>
#include <utility>

#include <GLFW/glfw3.h>
#include <backends/imgui_impl_glfw.h>
#include <backends/imgui_impl_vulkan.h>
#include <imgui.h>
#include <imgui_internal.h>

#include "engine/ui/style.h"
#include "engine/ui/thumbnails/thumbnails.h"
#include "engine/vk/check.h"
#include "trainer/base/log.h"
#include "trainer/base/utf8.h"

namespace fl {
namespace {

// For a card over the stage: ImGui draws words sharply only at a size it made them for. Over the panels' own.
constexpr float kLargerFonts[] = {1.25f, 1.5f, 1.75f, 2, 2.25f, 2.5f, 3, 4};

void check_result(VkResult result) {
  if (result != VK_SUCCESS) vulkan_failed(__FILE__, __LINE__, "a call inside Dear ImGui", result);
}

RenderPassHandle make_render_pass(const Device& device, VkFormat format) {
  VkAttachmentDescription attachment{};
  attachment.format = format;
  attachment.samples = VK_SAMPLE_COUNT_1_BIT;
  attachment.loadOp = VK_ATTACHMENT_LOAD_OP_LOAD;
  attachment.storeOp = VK_ATTACHMENT_STORE_OP_STORE;
  attachment.stencilLoadOp = VK_ATTACHMENT_LOAD_OP_DONT_CARE;
  attachment.stencilStoreOp = VK_ATTACHMENT_STORE_OP_DONT_CARE;
  attachment.initialLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
  attachment.finalLayout = VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL;
  const VkAttachmentReference reference{0, VK_IMAGE_LAYOUT_COLOR_ATTACHMENT_OPTIMAL};
  VkSubpassDescription subpass{};
  subpass.pipelineBindPoint = VK_PIPELINE_BIND_POINT_GRAPHICS;
  subpass.colorAttachmentCount = 1;
  subpass.pColorAttachments = &reference;
  // The stage's writes come first.
  VkSubpassDependency dependency{};
  dependency.srcSubpass = VK_SUBPASS_EXTERNAL;
  dependency.dstSubpass = 0;
  dependency.srcStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
  dependency.srcAccessMask = VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
  dependency.dstStageMask = VK_PIPELINE_STAGE_COLOR_ATTACHMENT_OUTPUT_BIT;
  dependency.dstAccessMask = VK_ACCESS_COLOR_ATTACHMENT_READ_BIT | VK_ACCESS_COLOR_ATTACHMENT_WRITE_BIT;
  VkRenderPassCreateInfo info{VK_STRUCTURE_TYPE_RENDER_PASS_CREATE_INFO};
  info.attachmentCount = 1;
  info.pAttachments = &attachment;
  info.subpassCount = 1;
  info.pSubpasses = &subpass;
  info.dependencyCount = 1;
  info.pDependencies = &dependency;
  VkRenderPass pass = VK_NULL_HANDLE;
  VK_CHECK(vkCreateRenderPass(device.handle(), &info, nullptr, &pass));
  return {device.handle(), pass};
}

// ImGui frees its descriptor sets one by one, which the program's own pools do not allow.
DescriptorPoolHandle make_pool(const Device& device) {
  constexpr std::uint32_t kSets = 16;
  const VkDescriptorPoolSize size{VK_DESCRIPTOR_TYPE_COMBINED_IMAGE_SAMPLER, kSets};
  VkDescriptorPoolCreateInfo info{VK_STRUCTURE_TYPE_DESCRIPTOR_POOL_CREATE_INFO};
  info.flags = VK_DESCRIPTOR_POOL_CREATE_FREE_DESCRIPTOR_SET_BIT;
  info.maxSets = kSets;
  info.poolSizeCount = 1;
  info.pPoolSizes = &size;
  VkDescriptorPool pool = VK_NULL_HANDLE;
  VK_CHECK(vkCreateDescriptorPool(device.handle(), &info, nullptr, &pool));
  return {device.handle(), pool};
}

// GLFW's callbacks know no object; there is one layer at a time.
struct Typed {
  int key = 0, scancode = 0, action = 0, modifiers = 0;
  unsigned character = 0;  // not 0: it is one, and no key
};
std::deque<Typed> typed;
bool frame_asked_for = false;
GLFWkeyfun key_of_window = nullptr;
GLFWcharfun character_of_window = nullptr;

void on_key(GLFWwindow* window, int key, int scancode, int action, int modifiers) {
  if (key_of_window != nullptr) key_of_window(window, key, scancode, action, modifiers);
  typed.push_back({key, scancode, action, modifiers});
}

void on_character(GLFWwindow* window, unsigned character) {
  if (character_of_window != nullptr) character_of_window(window, character);
  typed.push_back({.character = character});
}

void hand_over(GLFWwindow* window, const Typed& one) {
  if (one.character != 0)
    ImGui_ImplGlfw_CharCallback(window, one.character);
  else
    ImGui_ImplGlfw_KeyCallback(window, one.key, one.scancode, one.action, one.modifiers);
}

}  // namespace

ImGuiLayer::ImGuiLayer(Device& device, GLFWwindow* window, const Swapchain& swapchain,
                       const ImGuiOptions& options)
    : device_(device),
      window_(window),
      swapchain_(swapchain),
      pool_(make_pool(device)),
      render_pass_(make_render_pass(device, swapchain.format())) {
  IMGUI_CHECKVERSION();
  ImGui::CreateContext();
  ImGuiIO& io = ImGui::GetIO();
  io.IniFilename = nullptr;  // the program writes no file that nobody asked for
  load_font(options);
  // Its own callbacks for keys and characters would call the window's in turn, once more and later.
  key_of_window = glfwSetKeyCallback(window, nullptr);
  character_of_window = glfwSetCharCallback(window, nullptr);
  ImGui_ImplGlfw_InitForVulkan(window, true);
  glfwSetKeyCallback(window, on_key);
  glfwSetCharCallback(window, on_character);

  ImGui_ImplVulkan_InitInfo info{};
  info.Instance = device.instance();
  info.PhysicalDevice = device.physical();
  info.Device = device.handle();
  info.QueueFamily = device.queue_family();
  info.Queue = device.queue();
  info.DescriptorPool = pool_.get();
  info.MinImageCount = swapchain.minimum_images();
  // Its vertex buffers rotate by this count, one a frame.
  info.ImageCount = std::max(swapchain.image_count(), swapchain.minimum_images());
  info.MSAASamples = VK_SAMPLE_COUNT_1_BIT;
  info.CheckVkResultFn = check_result;
  ImGui_ImplVulkan_Init(&info, render_pass_.get());
  device_.run_once([](VkCommandBuffer cmd) { ImGui_ImplVulkan_CreateFontsTexture(cmd); });
  ImGui_ImplVulkan_DestroyFontUploadObjects();
  thumbnails_ = std::make_unique<ThumbnailAtlas>(device, render_pass_.get());
}

ImGuiLayer::~ImGuiLayer() {
  device_.wait_idle();
  thumbnails_.reset();
  ImGui_ImplVulkan_Shutdown();
  ImGui_ImplGlfw_Shutdown();
  glfwSetKeyCallback(window_, std::exchange(key_of_window, nullptr));
  glfwSetCharCallback(window_, std::exchange(character_of_window, nullptr));
  typed.clear();
  ImGui::DestroyContext();
}

bool ImGuiLayer::wants_frame() const {
  return !typed.empty() || frame_asked_for;
}

void ImGuiLayer::ask_for_frame() {
  frame_asked_for = true;
}

void ImGuiLayer::forget_input() {
  for (const Typed& one : typed)
    if (one.character == 0) hand_over(window_, one);  // what is down it must know
  typed.clear();
  frame_asked_for = false;
}

void ImGuiLayer::begin_frame(std::uint32_t frame, const Theme& theme) {
  // A key and the character that it types belong together, in whichever order they come.
  bool pressed = false;
  while (!typed.empty()) {
    const Typed one = typed.front();
    if (pressed && one.character == 0) break;
    typed.pop_front();
    if (one.character == 0 && one.action == GLFW_PRESS && takes_for_focus(one.key, one.modifiers)) continue;
    hand_over(window_, one);
    pressed |= one.character == 0 && one.action == GLFW_PRESS;  // what repeats is down already
  }
  ImGui_ImplVulkan_NewFrame();
  ImGui_ImplGlfw_NewFrame();
  fit_to_images();
  take_theme(theme);
  ImGui::NewFrame();
  frame_asked_for = std::exchange(focus_moved_, false);  // what has it is seen one frame later
  thumbnails_->begin_frame(frame);
  if (by_keys_ && ImGui::IsAnyMouseDown()) leave_focus();
}

bool ImGuiLayer::takes_for_focus(int key, int modifiers) {
  if (ImGui::GetIO().WantTextInput) return false;
  if (key == GLFW_KEY_TAB) {
    focus_next((modifiers & GLFW_MOD_SHIFT) != 0);
    return true;
  }
  // An open list closes first.
  if (key != GLFW_KEY_ESCAPE || !by_keys_ || GImGui->OpenPopupStack.Size > 0) return false;
  leave_focus();
  return true;
}

void ImGuiLayer::focus_next(bool backwards) {
  std::vector<ImGuiWindow*> windows;
  for (ImGuiWindow* window : GImGui->Windows)
    if (window->WasActive && window->ParentWindow == nullptr &&
        (window->Flags & ImGuiWindowFlags_Tooltip) == 0 &&
        (window->Flags & ImGuiWindowFlags_NoNavInputs) == 0 &&
        std::string_view(window->Name) != "Debug##Default")
      windows.push_back(window);
  // A question is answered before anything else.
  if (ImGuiWindow* question = ImGui::GetTopMostPopupModal()) windows = {question};
  if (windows.empty()) return;
  // From the top left on, whichever was drawn first.
  std::ranges::sort(windows, {}, [](const ImGuiWindow* one) { return std::pair(one->Pos.y, one->Pos.x); });
  const ImGuiWindow* now = GImGui->NavWindow != nullptr ? GImGui->NavWindow->RootWindow : nullptr;
  const auto at = std::ranges::find(windows, now);
  const auto count = static_cast<std::ptrdiff_t>(windows.size());
  std::ptrdiff_t next = backwards ? count - 1 : 0;
  if (by_keys_ && at != windows.end()) next = (at - windows.begin() + (backwards ? count - 1 : 1)) % count;
  by_keys_ = focus_moved_ = true;
  ImGui::GetIO().ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  ImGuiWindow* window = windows[static_cast<std::size_t>(next)];
  ImGui::FocusWindow(window);
  ImGui::NavInitWindow(window, false);
  GImGui->NavDisableHighlight = false;
}

void ImGuiLayer::leave_focus() {
  by_keys_ = false;
  ImGui::GetIO().ConfigFlags &= ~ImGuiConfigFlags_NavEnableKeyboard;
  ImGui::FocusWindow(nullptr);
}

// The backend asks the window for its size: that may be another than the images have by now, and any number
// at all when somebody else has destroyed the window.
void ImGuiLayer::fit_to_images() const {
  ImGuiIO& io = ImGui::GetIO();
  const auto sane = [](float ratio) { return ratio >= 0.25f && ratio <= 16 ? ratio : 1; };
  const VkExtent2D extent = swapchain_.extent();
  const ImVec2 ratio{sane(io.DisplayFramebufferScale.x), sane(io.DisplayFramebufferScale.y)};
  io.DisplayFramebufferScale = ratio;
  io.DisplaySize = {static_cast<float>(extent.width) / ratio.x, static_cast<float>(extent.height) / ratio.y};
}

void ImGuiLayer::ensure_framebuffers() {
  if (generation_ == swapchain_.generation()) return;
  framebuffers_.clear();  // the swapchain waited for the device when it made new images
  const VkExtent2D extent = swapchain_.extent();
  for (std::uint32_t i = 0; i < swapchain_.image_count(); ++i) {
    const VkImageView view = swapchain_.view(i);
    VkFramebufferCreateInfo info{VK_STRUCTURE_TYPE_FRAMEBUFFER_CREATE_INFO};
    info.renderPass = render_pass_.get();
    info.attachmentCount = 1;
    info.pAttachments = &view;
    info.width = extent.width;
    info.height = extent.height;
    info.layers = 1;
    VkFramebuffer framebuffer = VK_NULL_HANDLE;
    VK_CHECK(vkCreateFramebuffer(device_.handle(), &info, nullptr, &framebuffer));
    framebuffers_.emplace_back(device_.handle(), framebuffer);
  }
  generation_ = swapchain_.generation();
}

void ImGuiLayer::record(VkCommandBuffer cmd, const SwapchainImage& image) {
  ImGui::Render();
  // A window that fits its items is measured in its first frame and seen in the next.
  frame_asked_for |= std::ranges::any_of(GImGui->Windows, [](const ImGuiWindow* one) {
    return one->Active && one->Hidden && (one->Flags & ImGuiWindowFlags_ChildWindow) == 0;
  });
  ensure_framebuffers();
  thumbnails_->record(cmd);
  VkRenderPassBeginInfo begin{VK_STRUCTURE_TYPE_RENDER_PASS_BEGIN_INFO};
  begin.renderPass = render_pass_.get();
  begin.framebuffer = framebuffers_.at(image.index).get();
  begin.renderArea = {{0, 0}, image.extent};
  vkCmdBeginRenderPass(cmd, &begin, VK_SUBPASS_CONTENTS_INLINE);
  ImGui_ImplVulkan_RenderDrawData(ImGui::GetDrawData(), cmd);
  vkCmdEndRenderPass(cmd);
}

bool ImGuiLayer::wants_pointer() const {
  return ImGui::GetIO().WantCaptureMouse;
}
bool ImGuiLayer::wants_keys() const {
  return by_keys_ || ImGui::GetIO().WantTextInput || ImGui::GetTopMostPopupModal() != nullptr;
}

bool ImGuiLayer::widget_held() const {
  return ImGui::IsAnyItemActive();
}

void ImGuiLayer::load_font(const ImGuiOptions& options) {
  ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
  // ImGui asserts on a file it cannot open, so look first.
  std::error_code ignored;
  if (!options.font_path.empty() && std::filesystem::is_regular_file(options.font_path, ignored)) {
    // Latin, Greek for formulas, punctuation and arrows: what panels and class names write.
    static constexpr ImWchar kRanges[] = {0x0020, 0x017F, 0x0370, 0x03FF, 0x2010, 0x205E,
                                          0x2190, 0x21FF, 0x2212, 0x2212, 0};
    // Its words are English: they need no more than ASCII, arrows and the sign minus.
    static constexpr ImWchar kLargeRanges[] = {0x0020, 0x007E, 0x2190, 0x2193, 0x2212, 0x2212, 0};
    if (fonts.AddFontFromFileTTF(options.font_path.c_str(), options.font_size, nullptr, kRanges) != nullptr) {
      for (const float larger : kLargerFonts)
        fonts.AddFontFromFileTTF(options.font_path.c_str(), options.font_size * larger, nullptr,
                                 kLargeRanges);
      return;
    }
  }
  if (!options.font_path.empty())
    log_warning("The panels' font {} cannot be read; a plain one is used", options.font_path);
  ImFontConfig config;
  config.SizePixels = options.font_size;
  fonts.AddFontDefault(&config);
}

bool ImGuiLayer::has_character(char32_t code) {
  if (code == U'\n' || code == U'\t') return true;  // its layout's, not the font's
  const ImFontAtlas& fonts = *ImGui::GetIO().Fonts;
  return code < 0x10000 && fonts.Fonts.Size > 0 &&
         fonts.Fonts[0]->FindGlyphNoFallback(static_cast<ImWchar>(code)) != nullptr;
}

bool ImGuiLayer::can_write(std::string_view text) {
  return std::ranges::all_of(decode_utf8(text), has_character);
}

}  // namespace fl
