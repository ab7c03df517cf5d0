#pragma once
// What the command line asks of `fallline render`; without a header of the engine, because the program reads
// it.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "trainer/compute/backend_choice.h"

namespace fl {

struct RenderOptions {
  std::string scene;  // empty: phantoms; a session.jsonl: what was done in the window
  std::string beside{};  // the same, in the right half of each picture; empty: none
  std::vector<std::string> overrides;
  std::filesystem::path
      out;  // NAME.png: one picture of the end; NAME.mp4 and others: a film; else a folder of frames
  bool replace = false;              // the film that is there
  bool resume = false;               // goes on with the frames that are in the folder
  bool transparent = false;          // without the ground behind everything
  std::vector<std::string> parts{};  // of the stage, a film of each; none: all of it in one
  bool srt = false;                  // the cues as subtitles beside the film
  std::uint32_t width = 1280, height = 720;
  bool size_given = false;  // else the scene says it
  double fps = 12;
  bool fps_given = false;      // else the scene may say another
  int exposures = 0;           // pictures averaged into each one; 0: as the scene says
  double seconds = 8;          // of the film; training fills the first five sixths
  bool seconds_given = false;  // else a session's film lasts as long as the session, a lesson's as it says
  int take = 0;                // of a session, from 1: what was marked in the window; 0: all of it
  std::optional<double> from{}, to{};  // of a session, seconds: the part that is drawn
  std::filesystem::path poster{};      // a PNG of the film's last picture; empty: none
  std::string device;
  BackendChoice backend;
};

}  // namespace fl
