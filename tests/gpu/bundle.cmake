# Packs programs, the CUDA module, the engine, scenes, a typeface, check.sh and, as lib.tar.gz, the libraries that they load into
# ${BUNDLE}, and those that NVIDIA's Vulkan and EGL load by themselves. Not cuDNN, cuBLAS and the drivers, which the machine has to have; not the C library, which belongs to its
# system. Packed, because oneDNN alone takes 40 MB, and a machine that has the libraries needs none of them.
string(REPLACE "," ";" PROGRAMS "${PROGRAMS}")
string(REPLACE "," ";" MODULES "${MODULES}")
file(REMOVE_RECURSE "${BUNDLE}")
file(COPY ${PROGRAMS} ${MODULES} DESTINATION "${BUNDLE}/bin")
file(COPY "${SOURCE}/tests/gpu/check.sh" "${SOURCE}/tests/gpu/report.py" "${SOURCE}/tests/bench/peer_torch.py" DESTINATION "${BUNDLE}")
file(COPY "${SOURCE}/scenes" DESTINATION "${BUNDLE}")
# What is drawn has labels, and a server may have no typeface.
execute_process(COMMAND fc-match --format=%{file} sans-serif:scalable=true:variable=false OUTPUT_VARIABLE typeface ERROR_QUIET)
if(typeface)
  file(COPY "${typeface}" DESTINATION "${BUNDLE}/fonts")
endif()

# needed_by(VARIABLE KIND files...): what these load, by full names; KIND as file(GET_RUNTIME_DEPENDENCIES) takes it.
function(needed_by variable)
  file(GET_RUNTIME_DEPENDENCIES ${ARGN}
    RESOLVED_DEPENDENCIES_VAR resolved UNRESOLVED_DEPENDENCIES_VAR unresolved
    PRE_EXCLUDE_REGEXES "^libcudnn" "^libcublas" "^libcuda\\.so" "^libfallline_cuda" "^ld-linux" "^lib(c|m|dl|rt|pthread|resolv)\\.so")
  if(unresolved)
    message(FATAL_ERROR "Not found: ${unresolved}")
  endif()
  set(${variable} "${resolved}" PARENT_SCOPE)
endfunction()
needed_by(libraries EXECUTABLES ${PROGRAMS} MODULES ${MODULES})

# A driver that is mounted into a bare system finds none of these there (check.sh's missing_to_driver). They lie where
# the others do.
list(TRANSFORM libraries REPLACE "/[^/]*$" "" OUTPUT_VARIABLE folders)
list(REMOVE_DUPLICATES folders)
set(companions "")
foreach(name libGLdispatch.so.0 libEGL.so.1 libGLX.so.0 libX11.so.6 libXext.so.6)
  find_library(found_${name} "${name}" PATHS ${folders} NO_CACHE)
  if(found_${name})
    list(APPEND companions "${found_${name}}")
  else()
    message(WARNING "${name} is not installed, so the bundle goes without it.")
  endif()
endforeach()
needed_by(needed LIBRARIES ${companions})

list(APPEND libraries ${companions} ${needed})
list(REMOVE_DUPLICATES libraries)
foreach(library IN LISTS libraries)
  file(COPY "${library}" DESTINATION "${BUNDLE}/lib" FOLLOW_SYMLINK_CHAIN)
endforeach()
file(GLOB binaries "${BUNDLE}/bin/*" "${BUNDLE}/lib/*")
foreach(binary IN LISTS binaries)
  if(NOT IS_SYMLINK "${binary}")
    execute_process(COMMAND "${STRIP}" --strip-unneeded "${binary}" COMMAND_ERROR_IS_FATAL ANY)
  endif()
endforeach()
execute_process(COMMAND "${CMAKE_COMMAND}" -E tar czf lib.tar.gz lib WORKING_DIRECTORY "${BUNDLE}" COMMAND_ERROR_IS_FATAL ANY)
file(REMOVE_RECURSE "${BUNDLE}/lib")

execute_process(COMMAND du -sb "${BUNDLE}" OUTPUT_VARIABLE bytes COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCH "^[0-9]+" bytes "${bytes}")
math(EXPR mebibytes "${bytes} / 1048576")
message("${BUNDLE}: ${mebibytes} MiB")
if(mebibytes GREATER_EQUAL 60)
  message(FATAL_ERROR "The bundle is to stay under 60 MiB; fewer FALLLINE_CUDA_ARCHITECTURES make it smaller.")
endif()
