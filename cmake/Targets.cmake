# fallline_library(NAME SOURCES... [PUBLIC targets...] [PRIVATE targets...])
# One static library a folder. PUBLIC: what its headers need; PRIVATE: what only its sources need.
function(fallline_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC fallline_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
endfunction()
