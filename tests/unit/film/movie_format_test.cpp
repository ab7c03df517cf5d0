// What a scene and a name ask for together, and the sentence where that does not go.

#include "engine/film/movie_format.h"

#include "engine/view/film_spec.h"

namespace fl {
namespace {

std::string words(const std::string& name, const FilmSpec& spec, const MovieWish& wish = {{1280, 720}}) {
  const auto made = movie_options(name, spec, wish);
  return made ? fmt::format("{} {} {}", made->codec->name, made->pixel_format, made->crf)
              : made.error().message;
}

TEST(MovieFormat, FollowsTheName) {
  EXPECT_EQ(words("a.mp4", {}), "h264 yuv420p 18");
  EXPECT_EQ(words("a.MKV", {}), "ffv1 rgb 0");
  EXPECT_EQ(words("a.webm", {}), "vp9 yuv420p 24");
  EXPECT_EQ(words("a.mov", {}), "prores yuv444p10 0");
  EXPECT_EQ(words("a.mkv", {.codec = "h264", .crf = 0, .pixel_format = "yuv444p"}), "h264 yuv444p 0");
  EXPECT_EQ(words("a.mov", {}, {{1280, 720}, 12, true}), "prores yuva444p10 0");
  EXPECT_EQ(movie_format("a.avi"), nullptr);
  EXPECT_EQ(movie_format("mp4"), nullptr);
  EXPECT_EQ(movie_endings(), ".mp4, .mkv, .webm or .mov");
}

TEST(MovieFormat, SaysWhatDoesNotGoTogether) {
  EXPECT_EQ(words("a.mp4", {.codec = "vp9"}),
            "[film] codec = \"vp9\" does not go into .mp4: name the film with .mkv or .webm, or leave the "
            "key out.");
  EXPECT_EQ(words("a.mp4", {}, {{321, 241}}),
            "A film in yuv420p needs an even width and height, not 321x241: take --size 320x240.");
  EXPECT_EQ(words("a.mp4", {.pixel_format = "yuv444p"}, {{321, 241}}), "h264 yuv444p 18");
  EXPECT_EQ(words("a.mp4", {.pixel_format = "yuv422p"}, {{321, 241}}),
            "A film in yuv422p needs an even width, not 321x241: take --size 320x241.");
  EXPECT_EQ(words("a.mp4", {}, {{1280, 720}, 12, true}),
            "H.264 cannot be transparent: name the film .mov (ProRes), .mkv (FFV1) or .webm (VP9), or render "
            "into a folder.");
  EXPECT_EQ(words("a.mkv", {.pixel_format = "yuv420p"}),
            "[film] pixel_format = \"yuv420p\" is not one of FFV1: use rgb.");
  EXPECT_EQ(words("a.mkv", {.crf = 3}), "[film] crf means nothing to FFV1: leave it out.");
  EXPECT_EQ(words("a.mp4", {.crf = 52}), "[film] crf of H.264 is at most 51.");
}

TEST(MovieFormat, AFilmOfACodecHasItsUsualEnding) {
  for (const auto& [codec, ending] :
       {std::pair{"auto", ".mp4"}, {"h264", ".mp4"}, {"ffv1", ".mkv"}, {"vp9", ".webm"}, {"prores", ".mov"}})
    EXPECT_EQ(movie_ending(codec), ending);
}

}  // namespace
}  // namespace fl
