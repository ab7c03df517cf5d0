// The engine's side of the door: nothing else is seen of this shared object.
#include "engine/app/commands/engine_door.h"

#include "fallline_build_info.h"

#include "engine/app/commands/doctor_devices.h"
#include "engine/app/commands/landscape/landscape_picture.h"
#include "engine/app/commands/render_command.h"
#include "engine/app/commands/sweep/sweep_picture.h"
#include "engine/app/interrupt.h"
#include "engine/app/window_command.h"
#include "engine/vk/instance.h"

extern "C" __attribute__((visibility("default")))
const fl::Engine fallline_engine = {FALLLINE_VERSION,     fl::run_window,  fl::run_render,
                                    fl::draw_landscape,   fl::draw_sweep,  fl::draw_figure,
                                    fl::draw_contour_map, fl::say_devices, fl::validation_message_count,
                                    fl::interrupt_code};
