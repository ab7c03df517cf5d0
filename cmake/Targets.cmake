# fallline_library(NAME SOURCES... [PUBLIC targets...] [PRIVATE targets...] [HOT])
# One static library a folder. PUBLIC: what its headers need; PRIVATE: what only its sources need; HOT: its loops are
# where the time goes, so that it is optimised under sanitizers, too.
function(fallline_library name)
  cmake_parse_arguments(ARG "HOT" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC fallline_options ${ARG_PUBLIC} PRIVATE ${ARG_PRIVATE})
  if(ARG_HOT AND FALLLINE_SANITIZE)
    target_compile_options(${name} PRIVATE -O1)
  endif()
endfunction()
