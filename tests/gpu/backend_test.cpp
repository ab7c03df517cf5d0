// The backend as the program gets it: out of its module, named, and told apart from the CPU's.
#include "tests/gpu/parity_test.h"
#include "trainer/compute/backend_choice.h"

namespace fl::test {
namespace {

using Module = Parity;

TEST_F(Module, GivesABackendThatTrains) {
  auto backend = make_backend({.kind = BackendKind::kCuda, .tf32 = false, .deterministic = true}, 0);
  ASSERT_TRUE(backend.ok()) << backend.error().message;
  EXPECT_NE((*backend)->device().find("CUDA"), std::string::npos) << (*backend)->device();
  const Problem problem = make_problem(ct_small({1, 16, 16}, 2), 16, 2);
  auto program = (*backend)->compile(problem.spec, 16);
  ASSERT_TRUE(program.ok()) << program.error().message;
  load(**program, problem);
  double first = 0, last = 0;
  for (int step = 0; step < 30; ++step) {
    last = (*program)->train_step(first_images(16), 0.003).batch.loss;
    if (step == 0) first = last;
  }
  EXPECT_LT(last, first);
}

TEST_F(Module, FastestAlgorithmsStayNear) {
  auto backend = make_backend({.kind = BackendKind::kCuda, .tf32 = false, .deterministic = false}, 0);
  ASSERT_TRUE(backend.ok()) << backend.error().message;
  const Problem problem = make_problem(ct_small({1, 64, 64}, 2), 16, 2);
  auto program = (*backend)->compile(problem.spec, 16);
  ASSERT_TRUE(program.ok()) << program.error().message;
  auto cpu = cpu_program(problem.spec);
  for (Program* p : {program->get(), cpu.get()}) {
    load(*p, problem);
    p->forward_backward(first_images(16));
  }
  EXPECT_LT(nmse(gradients_of(**program), gradients_of(*cpu)), kFp32);
}

}  // namespace
}  // namespace fl::test
