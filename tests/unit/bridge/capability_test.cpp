// Which CUDA device is used, on the facts of machines that are not at hand.
#include "trainer/compute/cuda/capability.h"

#include <gtest/gtest.h>

#include "trainer/compute/backend_choice.h"

namespace fl::cuda {
namespace {

constexpr std::size_t kGiB = std::size_t{1} << 30;

DeviceFacts device(const char* name, int major, int minor, std::size_t memory) {
  DeviceFacts facts;
  facts.name = name;
  facts.major = major;
  facts.minor = minor;
  facts.memory = memory;
  return facts;
}

const DeviceFacts kH100 = device("NVIDIA H100 80GB HBM3", 9, 0, 80 * kGiB);
const DeviceFacts kLaptop = device("NVIDIA GeForce RTX 4060 Laptop GPU", 8, 9, 8 * kGiB);
const DeviceFacts kPascal = device("NVIDIA GeForce GTX 1080", 6, 1, 8 * kGiB);
const DeviceFacts kTiny = device("NVIDIA T400", 7, 5, kGiB / 2);
const DeviceFacts kFuture = device("NVIDIA of the future", 13, 0, 24 * kGiB);

CudaFacts machine(std::vector<DeviceFacts> devices) {
  CudaFacts facts;
  facts.status_name = "cudaSuccess";
  facts.runtime = 13000;
  facts.driver = 13000;
  facts.cudnn = facts.cudnn_built = 91900;
  facts.devices = std::move(devices);
  return facts;
}

CudaFacts failing(int status, const char* name, int driver) {
  CudaFacts facts = machine({});
  facts.status = status;
  facts.status_name = name;
  facts.driver = driver;
  return facts;
}

CudaFacts with_cudnn(int loaded) {
  CudaFacts facts = machine({kH100});
  facts.cudnn = loaded;
  return facts;
}

DeviceFacts prohibited(DeviceFacts facts) {
  facts.prohibited = true;
  return facts;
}

struct Case {
  const char* name;
  CudaFacts facts;
  int device;         // -1: none
  const char* words;  // of the reason
};

class Choices : public testing::TestWithParam<Case> {};

TEST_P(Choices, TakesTheDeviceOrNamesTheReason) {
  const DeviceChoice choice = choose_device(GetParam().facts);
  EXPECT_EQ(choice.device.value_or(-1), GetParam().device);
  EXPECT_EQ(choice.reason.empty(), choice.device.has_value()) << choice.reason;
  EXPECT_NE(choice.reason.find(GetParam().words), std::string::npos) << choice.reason;
}

INSTANTIATE_TEST_SUITE_P(
    Machines, Choices,
    testing::Values(
        Case{"h100", machine({kH100}), 0, ""}, Case{"laptop", machine({kLaptop}), 0, ""},
        Case{"newer_than_the_newest", machine({kFuture}), 0, ""},
        Case{"old_beside_new", machine({kPascal, kLaptop}), 1, ""},
        Case{"prohibited_beside_free", machine({prohibited(kH100), kH100}), 1, ""},
        Case{"old", machine({kPascal}), -1, "compute capability is 6.1"},
        Case{"tiny", machine({kTiny}), -1, "512 MiB"},
        Case{"old_and_tiny", machine({kPascal, kTiny}), -1, "NVIDIA T400"},
        Case{"prohibited", machine({prohibited(kH100)}), -1, "prohibited"},
        Case{"no_driver", failing(35, "cudaErrorInsufficientDriver", 0), -1, "no NVIDIA driver"},
        Case{"old_driver", failing(35, "cudaErrorInsufficientDriver", 12020), -1, "knows CUDA 12.2"},
        Case{"no_device", failing(100, "cudaErrorNoDevice", 13000), -1, "finds no GPU"},
        Case{"driver_without_devices", machine({}), -1, "finds no GPU"},
        Case{"broken", failing(999, "cudaErrorUnknown", 13000), -1, "cudaErrorUnknown"},
        Case{"newer_cudnn", with_cudnn(92200), 0, ""},
        Case{"other_patch_of_cudnn", with_cudnn(91901), 0, ""},
        Case{"older_minor_of_cudnn", with_cudnn(90100), 0, ""},
        Case{"oldest_cudnn", with_cudnn(90000), 0, ""},
        Case{"cudnn_before", with_cudnn(8907), -1, "needs cuDNN 9; install any 9.x"},
        Case{"next_cudnn", with_cudnn(100000), -1, "cuDNN 10.0.0"}),
    [](const auto& test) { return test.param.name; });

TEST(Backends, AreCalledByName) {
  EXPECT_EQ(*fl::backend_by_name("cuda"), fl::BackendKind::kCuda);
  EXPECT_EQ(*fl::backend_by_name("auto"), fl::BackendKind::kAuto);
  const auto wrong = fl::backend_by_name("gpu");
  ASSERT_FALSE(wrong.ok());
  EXPECT_NE(wrong.error().message.find("auto, cpu and cuda"), std::string::npos) << wrong.error().message;
}

TEST(Backends, TheCpuIsThereWhateverElseIsNot) {
  for (const auto kind : {fl::BackendKind::kAuto, fl::BackendKind::kCpu}) {
    const auto backend = fl::make_backend({.kind = kind, .tf32 = false, .deterministic = true}, 1);
    ASSERT_TRUE(backend.ok());
  }
  EXPECT_NE(fl::make_backend({.kind = fl::BackendKind::kCpu, .tf32 = false, .deterministic = true}, 1)
                .value()
                ->device()
                .find("CPU"),
            std::string::npos);
}

TEST(Capability, AUuidReadsAsNvidiaSmiPrintsIt) {
  EXPECT_EQ(uuid_text({0x4d, 0x1c, 0x90, 0x0a, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0xff}),
            "GPU-4d1c900a-0102-0304-0506-0708090a0bff");
}

TEST(Capability, WhoeverTrainsOnTheCpuHasNoCardToDrawOn) {
  EXPECT_FALSE(training_gpu({.kind = BackendKind::kCpu}));
}

}  // namespace
}  // namespace fl::cuda
