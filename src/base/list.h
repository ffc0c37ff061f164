/* list.h: registration beside the code. A descriptor (statement, route, command, test) is put by its macro into a section
 * of pointers; the linker lines them up, and the index in the line is dense. Used by STMT, ROUTE and COMMAND. */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#define LIST_ENTRY(section_name, type, object)                                                                         \
  static const type *const object##_entry __attribute__((used, section(section_name))) = &(object)

/* Bounds of a section named by a C identifier. */
#define LIST_BOUNDS(section_name, type)                                                                                \
  extern const type *const __start_##section_name[];                                                                   \
  extern const type *const __stop_##section_name[]

#endif
