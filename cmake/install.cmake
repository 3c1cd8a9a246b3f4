# What is installed carries no symbols but those it needs. The others lie beside it, in the folder .debug, where debuggers look for them.

# evodb_install_symbols_apart(TARGET DESTINATION): after install(TARGETS TARGET ... DESTINATION), in the same folder.
# With `cmake --install --strip` there are no other symbols left to keep.
function(evodb_install_symbols_apart target destination)
  install(CODE "
    set(prefix \"\$ENV{DESTDIR}\${CMAKE_INSTALL_PREFIX}\")
    cmake_path(ABSOLUTE_PATH prefix)
    set(folder \"${destination}\")
    cmake_path(ABSOLUTE_PATH folder BASE_DIRECTORY \"\${prefix}\")
    set(name \"$<TARGET_FILE_NAME:${target}>\")
    if(NOT CMAKE_INSTALL_DO_STRIP)
      file(MAKE_DIRECTORY \"\${folder}/.debug\")
      foreach(step
          \"--only-keep-debug;\${name};.debug/\${name}.debug\"
          \"--strip-unneeded;\${name}\"
          \"--add-gnu-debuglink=.debug/\${name}.debug;\${name}\")
        execute_process(COMMAND \"${CMAKE_OBJCOPY}\" \${step} WORKING_DIRECTORY \"\${folder}\" COMMAND_ERROR_IS_FATAL ANY)
      endforeach()
      message(STATUS \"Installing: \${folder}/.debug/\${name}.debug\")
    endif()
  ")
endfunction()
