#!/usr/bin/env bash
# landscape_vtk.sh PROGRAM WORK_FOLDER SOURCE_TREE: VTK itself opens the surface, as ParaView would.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh" "$@"
# Debian's package is for Debian's own python3, whatever comes first on the way.
python=
for candidate in python3 /usr/bin/python3; do
  "$candidate" -c "import vtkmodules.vtkIOXML" 2> /dev/null && python="$candidate" && break
done
if [[ -z "$python" ]]; then
  printf 'skipped: python3-vtk9 is not installed, so nothing here opens a .vtp\n'
  exit 77
fi
lesson=("$source_dir/scenes/first-light.toml" --set data.image_size=16 --set "data.phantom_counts=[12,12]" --set train.epochs=3
  --grid 17 --set landscape.probe_images=8 --set landscape.surfaces=both)
expect_code 0 "$program" landscape "${lesson[@]}" -o surface.vtp
expect_code 0 "$program" landscape "${lesson[@]}" -o surface.csv
expect_code 0 "$python" "$source_dir/tests/app/open_vtp.py" surface.vtp surface.csv
# Weights that are no numbers leave holes, and the file opens.
hole=("${lesson[@]}" --set train.rate=1e6 --set train.optimizer=gradient-descent)
expect_code 0 "$program" landscape "${hole[@]}" -o hole.vtp
expect_code 0 "$program" landscape "${hole[@]}" -o hole.csv
expect_code 0 "$python" "$source_dir/tests/app/open_vtp.py" hole.vtp hole.csv
finish
