# The library as one archive for programs that link it in. The archive has a single object: ours and those of the static libraries that we stand
# on, linked into one, in which every symbol but evodb_* has become local, so that it clashes with no other Boost, fmt or libdeflate of the
# program. What it needs besides stands in Libs.private of evodb_lakehouse.pc: OpenSSL and the C++ standard library.

# evodb_add_archive(TARGET OBJECTS object ... ARCHIVES archive ...): builds and installs libevodb_lakehouse.a. Objects and archives are paths or
# generator expressions such as $<TARGET_OBJECTS:evodb_core> and $<TARGET_FILE:evodb_fmt>.
function(evodb_add_archive target)
  cmake_parse_arguments(PARSE_ARGV 1 given "" "" "OBJECTS;ARCHIVES")
  set(objects)
  foreach(some IN LISTS given_OBJECTS)
    list(APPEND objects "$<FILTER:${some},EXCLUDE,[.]gch$>")  # CMake counts precompiled headers among a target's objects
  endforeach()
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/archive)
  set(archive ${folder}/libevodb_lakehouse.a)
  file(MAKE_DIRECTORY ${folder})
  file(GENERATE OUTPUT ${folder}/objects.txt CONTENT "$<JOIN:${objects},\n>\n")
  add_custom_command(
    OUTPUT ${archive}
    # Groups of sections have to become plain sections: a linker would take another's group of that name for ours.
    COMMAND ${CMAKE_LINKER} -r --force-group-allocation -o whole.o @objects.txt --start-group ${given_ARCHIVES} --end-group
    # Unique symbols, which GCC makes of static members of templates, become local only where they are weak first.
    COMMAND sh -c "\"$0\" whole.o | sed -n 's/.* u //p' > unique.txt" ${CMAKE_NM}
    COMMAND ${CMAKE_OBJCOPY} --weaken-symbols=unique.txt --strip-debug whole.o
    COMMAND ${CMAKE_OBJCOPY} --wildcard --keep-global-symbol=evodb_* whole.o evodb_lakehouse.o
    COMMAND ${CMAKE_COMMAND} -E rm -f ${archive} whole.o
    COMMAND ${CMAKE_AR} qcs ${archive} evodb_lakehouse.o
    COMMAND ${CMAKE_COMMAND} -E rm -f evodb_lakehouse.o unique.txt
    DEPENDS ${objects} ${given_ARCHIVES}
    WORKING_DIRECTORY ${folder} COMMAND_EXPAND_LISTS VERBATIM COMMENT "Linking libevodb_lakehouse.a")
  add_custom_target(${target} ALL DEPENDS ${archive})
  install(FILES ${archive} DESTINATION ${CMAKE_INSTALL_LIBDIR})
endfunction()
