# How a folder becomes a library, and who may link whom.
#
#   add_layer(json SOURCES parse.cpp write.cpp LINKS base TESTS parse_test.cpp)
#   add_room(dynamodb SOURCES … TESTS …)       a layer that links base json aws wire storage, and nothing of another room
#
# A layer's files are compiled some at a time as one unit, which spares the headers; those named ALONE, whose own names
# would meet, by themselves. The preset `quick`, where one file changes at a time, compiles each by itself.
#
# TESTS become one program, <name>_test, that ctest knows. Sources are listed, not globbed.

find_package(Threads REQUIRED)
find_package(OpenSSL REQUIRED)
if(STAGE)
  find_package(GTest REQUIRED)
endif()
find_program(CCACHE ccache)
if(CCACHE)
  # The precompiled header counts by its content. Each folder has its own objects: a precompiled header names the headers
  # of the folder that made it.
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime ${CCACHE})
endif()

add_compile_options(-Wall -Wextra -Wpedantic -Werror -Wno-missing-field-initializers -Wno-pedantic -fno-plt)
if(CCACHE)
  add_compile_options(-fpch-preprocess)
endif()
# These have false positives in libstdc++ 12 once the optimizer inlines.
add_compile_options(-Wno-maybe-uninitialized -Wno-restrict -Wno-stringop-overflow -Wno-stringop-overread -Wno-array-bounds)
option(UNITS "compile a layer's files some at a time" ON)
if(UNITS)
  # In a unit of several files, each file's own names look as if they came from a header.
  add_compile_options(-Wno-subobject-linkage)
endif()
include_directories(${CMAKE_SOURCE_DIR})

# The headers that nearly every file includes, compiled once.
file(WRITE ${CMAKE_BINARY_DIR}/std.cpp.in "")
configure_file(${CMAKE_BINARY_DIR}/std.cpp.in ${CMAKE_BINARY_DIR}/std.cpp COPYONLY)
add_library(std_headers STATIC ${CMAKE_BINARY_DIR}/std.cpp)
set(STD_HEADERS <algorithm> <array> <atomic> <charconv> <chrono> <coroutine> <cstdint> <expected> <functional> <map> <memory>
  <mutex> <optional> <set> <span> <string> <string_view> <tuple> <unordered_map> <utility> <variant> <vector>)
target_precompile_headers(std_headers PRIVATE ${STD_HEADERS})

function(add_layer name)
  cmake_parse_arguments(LAYER "" "HEADER" "SOURCES;LINKS;TESTS;TEST_LINKS;ALONE" ${ARGN})
  set(headers std_headers)
  if(LAYER_SOURCES)
    add_library(${name} STATIC ${LAYER_SOURCES})
    target_link_libraries(${name} PUBLIC ${LAYER_LINKS})
    if(UNITS)
      set_target_properties(${name} PROPERTIES UNITY_BUILD ON UNITY_BUILD_BATCH_SIZE 12)
      set_source_files_properties(${LAYER_ALONE} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
    if(LAYER_HEADER)
      target_precompile_headers(${name} PRIVATE ${STD_HEADERS} ${CMAKE_CURRENT_SOURCE_DIR}/${LAYER_HEADER})
      set(headers ${name})
    else()
      target_precompile_headers(${name} REUSE_FROM std_headers)
    endif()
  else()
    add_library(${name} INTERFACE)
    target_link_libraries(${name} INTERFACE ${LAYER_LINKS})
  endif()
  if(LAYER_TESTS AND STAGE)
    add_executable(${name}_test ${LAYER_TESTS})
    target_link_libraries(${name}_test PRIVATE ${name} ${LAYER_TEST_LINKS} GTest::gtest GTest::gtest_main)
    target_precompile_headers(${name}_test REUSE_FROM ${headers})
    add_test(NAME ${name} COMMAND ${name}_test)
  endif()
endfunction()

# Every file of a room includes its front desk, which declares every operation: compiled once.
function(add_room name)
  cmake_parse_arguments(ROOM "" "" "SOURCES;LINKS;TESTS;TEST_LINKS;ALONE" ${ARGN})
  add_layer(${name} HEADER service.hpp SOURCES ${ROOM_SOURCES} ALONE service.cpp ${ROOM_ALONE} LINKS base json aws wire storage ${ROOM_LINKS}
            TESTS ${ROOM_TESTS} TEST_LINKS ${ROOM_TEST_LINKS})
endfunction()
