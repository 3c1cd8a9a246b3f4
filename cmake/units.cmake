# Compiles the sources of each folder as one unit: what a folder's files include is read once and not dozens of times,
# which takes a third of the time. Names in the anonymous namespaces of a folder therefore have to differ. Preset
# "debug" does without, for work on single files.
option(EVODB_UNIT_PER_FOLDER "Compile each folder of sources as one unit" ON)

# evodb_unite(TARGET [APART source...]): sources named after APART are units of their own.
function(evodb_unite target)
  if(NOT EVODB_UNIT_PER_FOLDER)
    return()
  endif()
  cmake_parse_arguments(PARSE_ARGV 1 unit "" "" "APART")
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")  # what a unit includes is its own, anonymous namespaces as well
    target_compile_options(${target} PRIVATE $<$<COMPILE_LANGUAGE:CXX>:-Wno-subobject-linkage>)
  endif()
  get_target_property(sources ${target} SOURCES)
  foreach(source IN LISTS sources)
    cmake_path(ABSOLUTE_PATH source OUTPUT_VARIABLE relative)
    cmake_path(RELATIVE_PATH relative BASE_DIRECTORY ${CMAKE_CURRENT_SOURCE_DIR})
    if(NOT relative IN_LIST unit_APART)
      cmake_path(GET relative PARENT_PATH folder)
      string(MAKE_C_IDENTIFIER "unit_${folder}" group)
      set_property(SOURCE ${source} PROPERTY UNITY_GROUP ${group})
    endif()
  endforeach()
endfunction()
