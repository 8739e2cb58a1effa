//! Comparison of tables that editions of one city may share.

/// Whether two tables contain the same rows. Tables that editions share are compared by their place in
/// memory.
pub(super) fn equal<T: PartialEq>(a: &[T], b: &[T]) -> bool {
    std::ptr::eq(a, b) || a == b
}
