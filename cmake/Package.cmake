# cmake --install, and the Debian packages that cpack makes of the same files: "fallline", and where CUDA is built
# "fallline-cuda" with the module that trains on a GPU.
include(GNUInstallDirs)
set(program_folder lib/fallline)  # the program, and beside it what it loads

install(TARGETS fallline RUNTIME DESTINATION ${program_folder} COMPONENT fallline)
install(TARGETS fallline_engine fallline_film LIBRARY DESTINATION ${program_folder} COMPONENT fallline)
set_target_properties(fallline fallline_engine fallline_film PROPERTIES INSTALL_RPATH "\$ORIGIN")
file(MAKE_DIRECTORY "${CMAKE_BINARY_DIR}/generated/bin")
file(CREATE_LINK ../${program_folder}/fallline "${CMAKE_BINARY_DIR}/generated/bin/fallline" SYMBOLIC)
install(FILES "${CMAKE_BINARY_DIR}/generated/bin/fallline" DESTINATION ${CMAKE_INSTALL_BINDIR} COMPONENT fallline)
install(DIRECTORY scenes DESTINATION ${CMAKE_INSTALL_DATADIR}/fallline COMPONENT fallline)
install(DIRECTORY assets/lessons/ DESTINATION ${CMAKE_INSTALL_DATADIR}/fallline/lesson-pictures COMPONENT fallline
        FILES_MATCHING PATTERN "*.jpg")
install(FILES assets/backbone.safetensors DESTINATION ${program_folder} COMPONENT fallline)
# The documents with what they link to.
install(FILES README.md CONTRIBUTING.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fallline COMPONENT fallline)
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fallline COMPONENT fallline)
install(FILES assets/first-light.png assets/both-surfaces.png assets/under-the-hood.png assets/two-parameters.png assets/data.png
        assets/preview.png assets/film.png
        DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fallline/assets COMPONENT fallline)
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/fallline RENAME copyright COMPONENT fallline)
install(FILES assets/fallline.desktop DESTINATION ${CMAKE_INSTALL_DATADIR}/applications COMPONENT fallline)
install(FILES assets/fallline.xml DESTINATION ${CMAKE_INSTALL_DATADIR}/mime/packages COMPONENT fallline)
install(FILES assets/icon.png DESTINATION ${CMAKE_INSTALL_DATADIR}/icons/hicolor/256x256/apps RENAME fallline.png
        COMPONENT fallline)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME fallline)
set(CPACK_PACKAGE_VENDOR "Fall Line")
# Debian wants a name and an address. The project has none yet, and one of a reserved name is nobody else's.
set(CPACK_PACKAGE_CONTACT "Fall Line developers <developers@fallline.invalid>")
# The first line is the summary. A summary of its own, as CPack takes it from the project, would be that of both packages.
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "")
set(CPACK_PACKAGE_DESCRIPTION
"watch a small network learn: its loss landscape, live
Fall Line trains a small convolutional network and shows its loss landscape in
3-D, the optimizer's path over it, the feature maps and the curves, while
training proceeds. It opens Teachable Machine's image projects.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL fallline)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_FALLLINE_PACKAGE_NAME fallline)
set(CPACK_COMPONENT_FALLLINE_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
# Every library that the program or its engine links.
set(CPACK_DEBIAN_FALLLINE_PACKAGE_SHLIBDEPS ON)
# A renderer where there is no GPU, and the typeface of all labels.
set(CPACK_DEBIAN_FALLLINE_PACKAGE_RECOMMENDS "mesa-vulkan-drivers, fonts-inter")
if(FALLLINE_HAS_CUDA)
  install(TARGETS fallline_cuda LIBRARY DESTINATION ${program_folder} COMPONENT cuda)
  set_target_properties(fallline_cuda PROPERTIES INSTALL_RPATH "")
  list(APPEND CPACK_COMPONENTS_ALL cuda)
  set(CPACK_DEBIAN_CUDA_PACKAGE_NAME fallline-cuda)
  set(CPACK_COMPONENT_CUDA_DESCRIPTION "trains Fall Line's networks on an NVIDIA GPU
It needs the driver, cuDNN 9 and cuBLAS 13, which Debian does not have.")
  set(CPACK_DEBIAN_CUDA_PACKAGE_DEPENDS "fallline (= ${PROJECT_VERSION})")
endif()
include(CPack)
