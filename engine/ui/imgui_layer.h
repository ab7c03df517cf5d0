#pragma once
// Dear ImGui on top of the stage. Version 1.86, which Debian and Ubuntu ship, knows no dynamic rendering: it
// draws in a render pass that loads what the stage drew. Its back ends' calls change between versions, so
// they all stand in imgui_layer.cpp. Widgets themselves are made in engine/ui, between begin and record.

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <vulkan/vulkan.h>

#include "engine/pass/theme.h"
#include "engine/vk/descriptor.h"
#include "engine/vk/swapchain.h"

struct GLFWwindow;

namespace fl {

class ThumbnailAtlas;

struct ImGuiOptions {
  std::string font_path;  // the program's typeface; ImGui's own where empty or unreadable
  float font_size = 16;   // pixels, display scale already applied
};

class ImGuiLayer {
 public:
  // Takes the window's GLFW callbacks, after those already set, which it goes on calling at once. One layer
  // at a time: ImGui's context is global. `swapchain` has images.
  ImGuiLayer(Device& device, GLFWwindow* window, const Swapchain& swapchain, const ImGuiOptions& options);
  ~ImGuiLayer();
  ImGuiLayer(const ImGuiLayer&) = delete;
  ImGuiLayer& operator=(const ImGuiLayer&) = delete;

  // Keys and characters that came meanwhile reach widgets in order, each press in a frame of its own: this
  // version looks at what is down when a frame begins, and a slow one would miss a key that is up again by
  // then. Widgets have the colours of `theme`. `frame`: as FrameInFlight::index.
  void begin_frame(std::uint32_t frame, const Theme& theme);
  // There are keys left for the next frame, or what is shown will change by itself: one is to be drawn soon.
  [[nodiscard]] bool wants_frame() const;
  // Of the frame in hand: so that wants_frame() is true after it.
  static void ask_for_frame();
  // Forgets them: nothing is shown that they could be meant for.
  void forget_input();
  // Ends ImGui's frame. The image is in COLOR_ATTACHMENT_OPTIMAL before and after.
  void record(VkCommandBuffer cmd, const SwapchainImage& image);
  // True while the pointer belongs to a widget, or keys do: to one that is typed into, to a question, or to
  // all of them after Tab, until Escape or a click.
  [[nodiscard]] bool wants_pointer() const;
  [[nodiscard]] bool wants_keys() const;
  // A widget is held by the pointer, or typed into.
  [[nodiscard]] bool widget_held() const;
  // Whether widgets can write it. They know few scripts; the stage writes all (engine/text/font.h).
  [[nodiscard]] static bool has_character(char32_t code);
  [[nodiscard]] static bool can_write(std::string_view text);
  // What the layer does for the context of Dear ImGui that there is: gives it the font that has_character
  // asks, and after it the same one in larger sizes, in ascending order.
  static void load_font(const ImGuiOptions& options);

 private:
  void fit_to_images() const;
  // Tab: the widgets are gone through by keys, those of the next window; Escape or a click ends that.
  bool takes_for_focus(int key, int modifiers);
  void focus_next(bool backwards);
  void leave_focus();
  void ensure_framebuffers();

  Device& device_;
  GLFWwindow* window_;
  const Swapchain& swapchain_;
  DescriptorPoolHandle pool_;
  RenderPassHandle render_pass_;
  std::unique_ptr<ThumbnailAtlas> thumbnails_;
  std::vector<FramebufferHandle> framebuffers_;
  bool by_keys_ = false;          // arrows and Space are the widgets'
  bool focus_moved_ = false;      // since the last frame
  std::uint64_t generation_ = 0;  // of the swapchain they belong to
};

}  // namespace fl
