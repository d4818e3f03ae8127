# A Lambda function: one fully static program named `bootstrap`, and the zip that is uploaded.
#
#   add_function(collect_to_s3 SOURCES main.cpp LINKS pipeline_collect_to_s3 …)
#     → bin/collect_to_s3/bootstrap, dist/collect_to_s3.zip
#
# LINKS names every library, in the order of who needs whom: the archives are linked by their files, since the shared
# OpenSSL that the rest of the build links can't go into a static program.

find_program(ZIP zip REQUIRED)

function(add_function name)
  cmake_parse_arguments(FUNCTION "" "" "SOURCES;LINKS;ARCHIVES" ${ARGN})
  add_executable(${name} ${FUNCTION_SOURCES})
  set_target_properties(${name} PROPERTIES OUTPUT_NAME bootstrap RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin/${name})
  foreach(library ${FUNCTION_LINKS})
    target_link_libraries(${name} PRIVATE $<TARGET_FILE:${library}>)
  endforeach()
  add_dependencies(${name} ${FUNCTION_LINKS})
  foreach(archive ${FUNCTION_ARCHIVES})
    target_link_libraries(${name} PRIVATE lib${archive}.a)
  endforeach()
  target_link_libraries(${name} PRIVATE Threads::Threads ${CMAKE_DL_LIBS})
  string(TOUPPER "${CMAKE_BUILD_TYPE}" type)
  if("${CMAKE_CXX_FLAGS} ${CMAKE_CXX_FLAGS_${type}}" MATCHES "-fsanitize")
    # A sanitizer's runtime can't be linked statically; such a build runs here only.
    target_link_libraries(${name} PRIVATE ${CMAKE_DL_LIBS})
  else()
    # Without --no-warnings the linker says that getaddrinfo may load libraries; what we use of it, glibc from 2.34 on has built in.
    target_link_options(${name} PRIVATE -static -s LINKER:--no-warnings)
    set_target_properties(${name} PROPERTIES LINK_SEARCH_START_STATIC ON LINK_SEARCH_END_STATIC ON)
  endif()

  # The same bytes from the same program: no times, no owners.
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${name}_zip)
  set(zip ${CMAKE_BINARY_DIR}/dist/${name}.zip)
  add_custom_command(OUTPUT ${zip}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${folder} ${CMAKE_BINARY_DIR}/dist
    COMMAND ${CMAKE_COMMAND} -E rm -f ${zip}
    COMMAND ${CMAKE_COMMAND} -E copy $<TARGET_FILE:${name}> ${folder}/bootstrap
    COMMAND chmod 755 ${folder}/bootstrap
    COMMAND ${CMAKE_COMMAND} -E env TZ=UTC touch -d 1980-01-01T00:00:00 ${folder}/bootstrap
    COMMAND ${CMAKE_COMMAND} -E env TZ=UTC ${ZIP} -X -q -j ${zip} ${folder}/bootstrap
    DEPENDS ${name} VERBATIM COMMENT "Packing ${name}.zip")
  add_custom_target(${name}_zip ALL DEPENDS ${zip})
endfunction()
