// Which contour lines carry their loss, and where it stands. The host says which and how wide the words are,
// contour_labels.comp finds the places, contour_labels.vert sets the words there. See
// engine/landscape/contour_labels.h.

#include "shaders/shared/contour_labels.h"
