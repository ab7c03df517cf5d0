#include "trainer/compute/cpu/sgemm.h"

#include <omp.h>
#include <oneapi/dnnl/dnnl.h>

#include "trainer/base/check.h"

namespace fl {

void add_product(const SgemmShape& shape, const float* a, const float* b, float* c) {
  omp_set_num_threads(1);
  const auto size = [](std::size_t count) { return static_cast<dnnl_dim_t>(count); };
  const dnnl_status_t status = dnnl_sgemm(
      shape.transposed_a ? 'T' : 'N', shape.transposed_b ? 'T' : 'N', size(shape.rows), size(shape.columns),
      size(shape.inner), 1.0f, a, size(shape.transposed_a ? shape.rows : shape.inner), b,
      size(shape.transposed_b ? shape.inner : shape.columns), 1.0f, c, size(shape.columns));
  FL_CHECK_MSG(status == dnnl_success, "oneDNN: a product failed with status {}", static_cast<int>(status));
}

}  // namespace fl
