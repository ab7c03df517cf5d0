#include "engine/app/window_command.h"

#include <future>

#include "engine/app/interrupt.h"
#include "engine/app/loading/own_folders.h"
#include "engine/app/rescue.h"
#include "engine/app/sweep_map/kept_cells.h"
#include "engine/app/window/player.h"
#include "engine/vk/check.h"
#include "engine/vk/surface.h"
#include "trainer/base/background.h"
#include "trainer/base/log.h"

namespace fl {

Result<void> run_window(const WindowOptions& options) {
  if (auto can = check_drawing_threads(0); !can) return can;
  // What takes longest to come up is independent of the window and its device, so all of it comes at once.
  Background background;  // its work may outlive what asked for it
  std::promise<Device*> drawn_by;
  auto opening = std::make_unique<Opening>(
      OpeningRequest{.what = options.scene,
                     .overrides = options.overrides,
                     .backend = options.backend,
                     .cache = cache_folder(),
                     .background = &background,
                     .device = drawn_by.get_future(),
                     .place = first_place(options.scene, options.out, options.replace),
                     .map = std::make_shared<KeptMap>()});
  auto font_coming = std::async(std::launch::async, [] { return Font::load(); });
  auto gpu_coming = std::async(std::launch::async, [&options] { return training_gpu(options.backend); });
  // What the user named comes first: a misspelt file should not need a display to be told so.
  const auto first_of = [&opening](const Error& other) {
    const auto read = opening->wait_for_scene();
    return read ? other : read.error();
  };
  auto window = Window::open(1280, 800, "Fall Line");
  if (!window) return first_of(window.error());
  InstanceOptions instance_options;
  instance_options.extensions = window_extensions();
  auto instance = Instance::create(instance_options);
  if (!instance) return first_of(instance.error());
  auto surface = WindowSurface::create(instance->handle(), window->handle());
  if (!surface) return first_of(surface.error());
  auto device = Device::create(
      *instance, {.name = options.device, .surface = surface->handle(), .trainer = gpu_coming.get()});
  if (!device) return first_of(device.error());
  // FIFO: no tearing, and no more pictures than the display shows.
  auto swapchain = Swapchain::create(**device, surface->handle(), PresentMode::kFifo);
  if (!swapchain) return first_of(swapchain.error());
  auto font = font_coming.get();
  if (!font) return first_of(font.error());
  catch_interrupt();
  Player player(*window, **device, **swapchain, *font, options.backend, background);
  player.await(std::move(opening), options.out);
  if (options.scene.empty()) player.open_panel("start");
  if (options.notes_window) player.want_notes_window();
  drawn_by.set_value(device->get());  // who waits for it ends with the player, before the device
  try {
    if (auto shown = player.loop(); !shown) return shown;
  } catch (const std::exception& e) {
    // A window that somebody else destroyed is a closed one: its surface may say so before the display does.
    const auto* vulkan = dynamic_cast<const VulkanError*>(&e);
    if (vulkan == nullptr || !vulkan->surface_lost()) {
      if (!player.has_lesson()) throw;  // nothing is lost
      return lost_run(e, player.rescue());
    }
  }
  auto saved = player.finish();
  log_info("closed");
  return saved;
}

}  // namespace fl
