#include "engine/app/window_command.h"

#include "engine/app/interrupt.h"
#include "engine/app/player.h"
#include "engine/app/rescue.h"
#include "engine/vk/surface.h"
#include "trainer/base/log.h"

namespace fl {

Result<void> run_window(const WindowOptions& options) {
  // What the user named comes first: a misspelt file should not need a display to be told so.
  auto scene = open_scene(options.scene, options.overrides);
  if (!scene) return scene.error();
  auto window = Window::open(1280, 800, "Fall Line");
  if (!window) return window.error();
  InstanceOptions instance_options;
  instance_options.extensions = window_extensions();
  auto instance = Instance::create(instance_options);
  if (!instance) return instance.error();
  auto surface = WindowSurface::create(*instance, window->handle());
  if (!surface) return surface.error();
  auto device = Device::create(*instance, {.name = options.device, .surface = surface->handle()});
  if (!device) return device.error();
  // FIFO: no tearing, and no more pictures than the display shows.
  auto swapchain = Swapchain::create(**device, surface->handle(), PresentMode::kFifo);
  if (!swapchain) return swapchain.error();
  auto font = Font::load();
  if (!font) return font.error();
  catch_interrupt();
  Player player(*window, **device, **swapchain, *font, options.backend);
  if (auto opened = player.open(options.scene, options.overrides); !opened) return opened;
  try {
    player.loop();
  } catch (const std::exception& e) {
    return lost_run(e, player.rescue());
  }
  log_info("closed");
  return {};
}

}  // namespace fl
