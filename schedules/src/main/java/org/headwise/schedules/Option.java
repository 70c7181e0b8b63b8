package org.headwise.schedules;

/**
 * One setting of a method.
 *
 * @param name as on the command line, without dashes
 * @param meaning one line for the help
 * @param standard the value that is taken when none is given
 */
public record Option(String name, String meaning, String standard) {}
