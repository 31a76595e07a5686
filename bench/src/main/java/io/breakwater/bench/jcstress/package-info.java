/** What threads share without a lock, under the stress of jcstress; each test lies in the package of what it tests. */
@NullMarked
package io.breakwater.bench.jcstress;

import org.jspecify.annotations.NullMarked;
