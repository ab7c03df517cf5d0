#pragma once
// A sink on a thread of its own, so that a picture is packed while the next one is drawn.

#include <condition_variable>
#include <deque>
#include <memory>
#include <mutex>
#include <thread>

#include "engine/film/picture_sink.h"

namespace fl {

class SinkThread {
 public:
  // `most_waiting`, at least 1: pictures that wait for the sink; more have to wait to be added.
  SinkThread(std::unique_ptr<PictureSink> sink, std::size_t most_waiting);
  // What waits is dropped; the sink is not told to finish.
  ~SinkThread();
  SinkThread(const SinkThread&) = delete;
  SinkThread& operator=(const SinkThread&) = delete;

  // Error: the sink's, of this picture or an earlier one.
  Result<void> add(Picture picture);
  // Waits for all of them, and finishes the sink. Error: the sink's.
  Result<void> finish();

 private:
  void work(const std::stop_token& stop);
  Result<void> pass_on(const Picture& picture);

  std::unique_ptr<PictureSink> sink_;
  const std::size_t most_waiting_;
  std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Picture> waiting_;
  bool busy_ = false;
  Result<void> result_;
  std::jthread thread_;  // last: it uses all the others
};

}  // namespace fl
