#include "engine/app/window_command.h"

#include <future>

#include "engine/app/commands/output_folder.h"
#include "engine/app/interrupt.h"
#include "engine/app/player.h"
#include "engine/app/rescue.h"
#include "engine/vk/check.h"
#include "engine/vk/surface.h"
#include "trainer/base/log.h"

namespace fl {

Result<void> run_window(const WindowOptions& options) {
  // What the user named comes first: a misspelt file should not need a display to be told so.
  auto scene = open_scene(options.scene, options.overrides);
  if (!scene) return scene.error();
  if (auto can = check_drawing_threads(*scene); !can) return can;
  // Before the work, not after it.
  std::optional<OutputFolder> folder;
  if (!options.out.empty()) {
    auto made = make_run_folder({.out = options.out, .usual = options.out, .resumed = {}, .replace = options.replace},
                                Inputs(options.scene, *scene));
    if (!made) return made.error();
    folder.emplace(*std::move(made));
  }
  // What takes longest to come up is independent of the window and its device, so all of it comes at once.
  auto lesson_coming = std::async(std::launch::async, [&] { return open_lesson(*scene, options.backend); });
  auto font_coming = std::async(std::launch::async, [] { return Font::load(); });
  auto window = Window::open(1280, 800, "Fall Line");
  if (!window) return window.error();
  InstanceOptions instance_options;
  instance_options.extensions = window_extensions();
  auto instance = Instance::create(instance_options);
  if (!instance) return instance.error();
  auto surface = WindowSurface::create(*instance, window->handle());
  if (!surface) return surface.error();
  auto device = Device::create(*instance, {.name = options.device,
                                            .surface = surface->handle(),
                                            .trainer = training_gpu(options.backend)});
  if (!device) return device.error();
  // FIFO: no tearing, and no more pictures than the display shows.
  auto swapchain = Swapchain::create(**device, surface->handle(), PresentMode::kFifo);
  if (!swapchain) return swapchain.error();
  auto font = font_coming.get();
  if (!font) return font.error();
  catch_interrupt();
  Player player(*window, **device, **swapchain, *font, options.backend);
  auto lesson = lesson_coming.get();
  if (!lesson) return lesson.error();
  player.show(*scene, *std::move(lesson));
  player.save_in(options.out);
  try {
    player.loop();
  } catch (const std::exception& e) {
    // A window that somebody else destroyed is a closed one: its surface may say so before the display does.
    const auto* vulkan = dynamic_cast<const VulkanError*>(&e);
    if (vulkan == nullptr || !vulkan->surface_lost()) return lost_run(e, player.rescue());
  }
  auto saved = player.finish();
  log_info("closed");
  return saved;
}

}  // namespace fl
