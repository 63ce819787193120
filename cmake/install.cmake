# What `cmake --install` and CPack put where a program finds it. Nothing of it has an absolute path inside.

include(CMakePackageConfigHelpers)
set(package_folder ${CMAKE_INSTALL_LIBDIR}/cmake/ranvier)
set(generated ${CMAKE_CURRENT_BINARY_DIR}/install)

install(DIRECTORY runtime/include/ranvier DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(TARGETS ranvier_shared EXPORT ranvier LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(EXPORT ranvier NAMESPACE ranvier:: FILE ranvierShared.cmake DESTINATION ${package_folder})
configure_package_config_file(cmake/ranvierConfig.cmake.in ${generated}/ranvierConfig.cmake
  INSTALL_DESTINATION ${package_folder} PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${generated}/ranvierConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${generated}/ranvierConfig.cmake ${generated}/ranvierConfigVersion.cmake DESTINATION ${package_folder})

# pkg-config: relative to where the file lies.
file(RELATIVE_PATH ranvier_prefix /${CMAKE_INSTALL_LIBDIR}/pkgconfig /)
string(REGEX REPLACE "/$" "" ranvier_prefix ${ranvier_prefix})
configure_file(cmake/ranvier.pc.in ${generated}/ranvier.pc @ONLY)
install(FILES ${generated}/ranvier.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

if(TARGET ranvier_static)
  get_target_property(archive ranvier_static RANVIER_ARCHIVE)
  install(FILES ${archive} DESTINATION ${CMAKE_INSTALL_LIBDIR})
  configure_file(cmake/ranvier-static.pc.in ${generated}/ranvier-static.pc @ONLY)
  install(FILES ${generated}/ranvier-static.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endif()
if(RANVIER_TOOLS)
  install(TARGETS ranvier RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
endif()
install(FILES LICENSE README.md CHANGELOG.md DESTINATION ${CMAKE_INSTALL_DATADIR}/doc/ranvier)

# `cpack -G TGZ` and `cpack -G DEB`, in the build folder.
set(CPACK_PACKAGE_VENDOR "the authors of Ranvier")
set(CPACK_PACKAGE_CONTACT "the authors of Ranvier <ranvier@localhost>")
set(CPACK_PACKAGE_FILE_NAME "ranvier-${PROJECT_VERSION}-${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR}")
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_GENERATOR TGZ DEB)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libdnnl-dev, libfmt-dev, libhwy-dev")  # to link libranvier.a
set(CPACK_DEBIAN_PACKAGE_SUGGESTS graphviz)                                 # draws what `ranvier graph` writes
include(CPack)
