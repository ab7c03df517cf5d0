#pragma once
// The subject of the parity tests as a backend, for whole trainings on a device made of host memory.

#include "tests/gpu/subject.h"

namespace fl::test {

class SubjectBackend final : public Backend {
 public:
  explicit SubjectBackend(const SubjectOptions& options = {}) : options_(options) {}
  [[nodiscard]] std::string device() const override { return "device of host memory"; }
  Result<std::unique_ptr<Program>> compile(const NetSpec& spec, int) override {
    return make_subject(spec, options_);
  }

 private:
  SubjectOptions options_;
};

}  // namespace fl::test
