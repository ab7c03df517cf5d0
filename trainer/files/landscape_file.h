#pragma once
// A loss surface on disk, for spreadsheets, Python and ParaView.
//
// NAME.csv has a row for each point of the grid, b by b:
//   a,b,loss,known,bound
// known: "evaluated"; "corrected", evaluated over some images of the probe and corrected by what all differ
// at other points; "predicted" from the others; or "hole", where the loss is not finite. bound: how far off
// the loss may be, at most, as far as that is told; 0 where it was evaluated. The test set's surface adds
// test_loss,test_known,test_bound; that of a race's second network, on a plane of its own,
// second_loss,second_known,second_bound.
//
// NAME.vtp is VTK XML PolyData (https://docs.vtk.org, "VTK XML Formats"), with the arrays behind the XML as
// they are in memory: points (a, b, loss), quadrilaterals between them where all four corners have a loss,
// and the paths as lines at their real loss. Point data, float32, NaN where a point has none: loss, bound,
// slice_loss, off_plane, step, rate; uint8: known (CellState) and part (0: surface, 1: second surface,
// 2: path).

#include <cstddef>
#include <span>
#include <vector>

#include "trainer/subjects/landscape/landscape_view.h"

namespace fl {

struct LandscapeFormat {
  const char* ending;  // ".csv"
  // Precondition: the view has a plane and a surface.
  std::vector<std::byte> (*bytes)(const LandscapeView&);
};

std::span<const LandscapeFormat> landscape_formats();

}  // namespace fl
