// The one translation unit that holds Boost.URL's code, so that its library need not be linked.
#include <boost/url/src.hpp>
