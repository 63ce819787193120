# What of the package is not Python, with the libraries that it needs, but for those that every Linux has: what a wheel
# holds beside python/ranvier. In ${package} program and module are where they were built, and their RPATH is relative.
install(CODE "set(package \"${package}\")\nset(strip \"${CMAKE_STRIP}\")" COMPONENT python EXCLUDE_FROM_ALL)
install(CODE [[
  file(GLOB module "${package}/_native.*.so")
  file(REAL_PATH "${package}/bin/ranvier" program)
  if(NOT module OR NOT EXISTS "${program}")
    message(FATAL_ERROR "${package} has no module and command line: build the target ranvier_python first")
  endif()
  file(GET_RUNTIME_DEPENDENCIES
    MODULES ${module} EXECUTABLES ${program} RESOLVED_DEPENDENCIES_VAR libraries
    PRE_EXCLUDE_REGEXES "^(ld-linux.*|libc|libm|libdl|librt|libpthread|libgcc_s|libstdc\\+\\+|libz)\\.so")
  set(destination "${CMAKE_INSTALL_PREFIX}/ranvier")
  file(INSTALL ${module} "${package}/_native.pyi" DESTINATION "${destination}")
  file(INSTALL ${program} DESTINATION "${destination}/bin" USE_SOURCE_PERMISSIONS)
  execute_process(COMMAND "${strip}" "${destination}/bin/ranvier" COMMAND_ERROR_IS_FATAL ANY)
  file(MAKE_DIRECTORY "${destination}/lib")
  foreach(library IN LISTS libraries)  # under the name that is asked for: a wheel holds no links
    file(REAL_PATH ${library} content)
    cmake_path(GET library FILENAME name)
    file(COPY_FILE ${content} "${destination}/lib/${name}")
  endforeach()
]] COMPONENT python EXCLUDE_FROM_ALL)
