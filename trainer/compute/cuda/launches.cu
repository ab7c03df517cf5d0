#include "trainer/compute/cuda/launches.h"
#include "trainer/compute/cuda/parallel.h"
#include "trainer/compute/kernels/curve_kernels.h"
#include "trainer/compute/kernels/frame_kernels.h"
#include "trainer/compute/kernels/pad_kernels.h"
#include "trainer/compute/kernels/path_kernels.h"
#include "trainer/compute/kernels/pool_kernels.h"
#include "trainer/compute/kernels/rate_kernels.h"
#include "trainer/compute/kernels/slice_kernels.h"
#include "trainer/compute/kernels/step_kernels.h"

namespace fl::cuda {

template <typename F>
void run(const Stream& stream, std::size_t count, const F& f) {
  for_each_index(stream, count, f);
}

template void run(const Stream&, std::size_t, const kernels::Activate&);
template void run(const Stream&, std::size_t, const kernels::AddActivate&);
template void run(const Stream&, std::size_t, const kernels::AdvanceBatch&);
template void run(const Stream&, std::size_t, const kernels::AssemblePath&);
template void run(const Stream&, std::size_t, const kernels::AveragePool&);
template void run(const Stream&, std::size_t, const kernels::AveragePoolGradient&);
template void run(const Stream&, std::size_t, const kernels::BeginPoint&);
template void run(const Stream&, std::size_t, const kernels::BeginStep&);
template void run(const Stream&, std::size_t, const kernels::BiasActivation&);
template void run(const Stream&, std::size_t, const kernels::ClearCell&);
template void run(const Stream&, std::size_t, const kernels::CopyRows&);
template void run(const Stream&, std::size_t, const kernels::Dropout&);
template void run(const Stream&, std::size_t, const kernels::FlipRows&);
template void run(const Stream&, std::size_t, const kernels::FormPoint&);
template void run(const Stream&, std::size_t, const kernels::Gather&);
template void run(const Stream&, std::size_t, const kernels::GatherTraining&);
template void run(const Stream&, std::size_t, const kernels::ImageLoss&);
template void run(const Stream&, std::size_t, const kernels::InterpolateCell&);
template void run(const Stream&, std::size_t, const kernels::PredictCell&);
template void run(const Stream&, std::size_t, const kernels::LinearLayer&);
template void run(const Stream&, std::size_t, const kernels::MaxPool&);
template void run(const Stream&, std::size_t, const kernels::MaxPoolGradient&);
template void run(const Stream&, std::size_t, const kernels::Normalise&);
template void run(const Stream&, std::size_t, const kernels::NormGradient&);
template void run(const Stream&, std::size_t, const kernels::NoteEpoch&);
template void run(const Stream&, std::size_t, const kernels::NotePoint&);
template void run(const Stream&, std::size_t, const kernels::Pad&);
template void run(const Stream&, std::size_t, const kernels::PadGradient&);
template void run(const Stream&, std::size_t, const kernels::Prediction&);
template void run(const Stream&, std::size_t, const kernels::RangeOfLayer&);
template void run(const Stream&, std::size_t, const kernels::RangeOfPiece&);
template void run(const Stream&, std::size_t, const kernels::SetCells&);
template void run(const Stream&, std::size_t, const kernels::SetSliceLosses&);
template void run(const Stream&, std::size_t, const kernels::SettleStep&);
template void run(const Stream&, std::size_t, const kernels::StepPoints&);
template void run(const Stream&, std::size_t, const kernels::TrainPixel<double>&);
template void run(const Stream&, std::size_t, const kernels::TrainPixel<float>&);
template void run(const Stream&, std::size_t, const kernels::UndoActivation&);

}  // namespace fl::cuda
