# Every library that the house stands on; all are Debian packages (scripts/install-dependencies).
find_package(Boost 1.81 REQUIRED COMPONENTS json)
find_package(OpenSSL 3 REQUIRED COMPONENTS Crypto SSL)
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_path(LIBDEFLATE_INCLUDE_DIR libdeflate.h REQUIRED)
find_library(LIBDEFLATE_LIBRARY deflate REQUIRED)
find_path(PUGIXML_INCLUDE_DIR pugixml.hpp REQUIRED)
find_library(PUGIXML_LIBRARY pugixml REQUIRED)

add_library(evodb_fmt STATIC ${CMAKE_CURRENT_LIST_DIR}/fmt.cc)

set(EVODB_SHARED_DEPENDENCIES Boost::json OpenSSL::SSL OpenSSL::Crypto ${LIBDEFLATE_LIBRARY} ${PUGIXML_LIBRARY})
# The same as archives, for the library that needs nothing but libc.
set(EVODB_ARCHIVED_DEPENDENCIES "")
if(EVODB_STATIC_DEPENDENCIES OR EVODB_BUILD_BUNDLE)
  foreach(name boost_json ssl crypto deflate pugixml)
    find_library(EVODB_ARCHIVE_${name} NAMES lib${name}.a REQUIRED)
    list(APPEND EVODB_ARCHIVED_DEPENDENCIES ${EVODB_ARCHIVE_${name}})
  endforeach()
endif()
