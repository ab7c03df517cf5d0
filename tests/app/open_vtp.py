"""open_vtp.py NAME.vtp NAME.csv: both hold the same surfaces, as VTK reads the one and Python the other."""
import csv
import math
import sys

from vtkmodules.vtkIOXML import vtkXMLPolyDataReader

reader = vtkXMLPolyDataReader()
reader.SetFileName(sys.argv[1])
reader.Update()
data = reader.GetOutput()
rows = list(csv.DictReader(open(sys.argv[2], newline="")))
side = round(math.sqrt(len(rows)))
surfaces = ["", "test_"] if "test_loss" in rows[0] else [""]
states = {"unknown": 0, "predicted": 1, "evaluated": 2, "hole": 3, "corrected": 4}


def array(name):
    found = data.GetPointData().GetArray(name)
    assert found is not None, f"no array {name}"
    assert found.GetNumberOfTuples() == data.GetNumberOfPoints(), name
    return found


def same(a, b):
    return math.isnan(a) and math.isnan(b) or abs(a - b) <= 1e-5 * max(1, abs(b))


loss, bound, known, part = (array(name) for name in ("loss", "bound", "known", "part"))
for name in ("slice_loss", "off_plane", "step", "rate"):
    array(name)
at = 0
quads = 0
for number, prefix in enumerate(surfaces):
    open_at = [math.isnan(float(row[prefix + "loss"])) for row in rows]
    for row in rows:
        x, y, z = data.GetPoint(at)
        value = float(row[prefix + "loss"])
        assert same(x, float(row["a"])) and same(y, float(row["b"])), f"point {at} lies elsewhere"
        assert same(loss.GetTuple1(at), value) and same(z, 0 if math.isnan(value) else value), f"loss of point {at}"
        assert same(bound.GetTuple1(at), float(row[prefix + "bound"])), f"bound of point {at}"
        assert known.GetTuple1(at) == states[row[prefix + "known"]] and part.GetTuple1(at) == number, f"point {at}"
        at += 1
    for corner in range(len(rows)):
        if corner % side < side - 1 and corner // side < side - 1:
            quads += not any(open_at[corner + step] for step in (0, 1, side, side + 1))
assert data.GetNumberOfPolys() == quads, f"{data.GetNumberOfPolys()} polygons, not {quads}"
path = data.GetNumberOfPoints() - at
assert data.GetNumberOfLines() == (path > 1), f"{data.GetNumberOfLines()} lines of {path} points"
for point in range(at, data.GetNumberOfPoints()):
    assert part.GetTuple1(point) == 2 and math.isfinite(loss.GetTuple1(point))
    assert same(data.GetPoint(point)[2], loss.GetTuple1(point))
print(f"{at} points of surfaces, {quads} polygons, {path} points of the path")
