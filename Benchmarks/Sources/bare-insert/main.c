/* The floor under any store: how long SQLite itself takes to take in what a roster holds.

       bare-insert FINISHED.sqlite NEW.sqlite [--indexes-after]

   Reads every row of every table of the finished file into memory, which is not timed. Then makes a new file with the same
   tables and indexes, inserts all rows in one transaction with prepared statements and the default journal, and prints the
   seconds of that second part. With --indexes-after the indexes are made in the same transaction after the rows. */

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* The rows of one table, value after value: a type, then an integer, a double, or a length and bytes. */
struct table {
    char *name, *schema, *insert;
    int columns;
    long rows;
    unsigned char *values;
    size_t used, room;
};

static struct table tables[1024];
static int table_count;
static char *indexes[1024];
static int index_count;

static void die(const char *what, sqlite3 *database) {
    fprintf(stderr, "error: %s: %s\n", what, database ? sqlite3_errmsg(database) : "out of memory");
    exit(1);
}

static void run(sqlite3 *database, const char *sql) {
    if (sqlite3_exec(database, sql, NULL, NULL, NULL) != SQLITE_OK) die(sql, database);
}

static sqlite3_stmt *prepare(sqlite3 *database, const char *sql) {
    sqlite3_stmt *statement;
    if (sqlite3_prepare_v2(database, sql, -1, &statement, NULL) != SQLITE_OK) die(sql, database);
    return statement;
}

static void append(struct table *table, const void *bytes, size_t count) {
    if (table->used + count > table->room) {
        table->room = (table->room + count) * 2;
        table->values = realloc(table->values, table->room);
        if (!table->values) die("reading", NULL);
    }
    if (count) memcpy(table->values + table->used, bytes, count);
    table->used += count;
}

static void append_value(struct table *table, sqlite3_value *value) {
    unsigned char type = (unsigned char)sqlite3_value_type(value);
    append(table, &type, 1);
    if (type == SQLITE_INTEGER) {
        sqlite3_int64 number = sqlite3_value_int64(value);
        append(table, &number, sizeof number);
    } else if (type == SQLITE_FLOAT) {
        double number = sqlite3_value_double(value);
        append(table, &number, sizeof number);
    } else if (type != SQLITE_NULL) {
        const void *bytes = type == SQLITE_TEXT ? sqlite3_value_text(value) : sqlite3_value_blob(value);
        uint32_t length = (uint32_t)sqlite3_value_bytes(value);
        append(table, &length, sizeof length);
        append(table, bytes, length);
    }
}

/* Names of the stored columns: generated ones are left out. */
static char *stored_columns(sqlite3 *source, struct table *table) {
    char *sql = sqlite3_mprintf("SELECT name FROM pragma_table_xinfo(%Q) WHERE hidden = 0 ORDER BY cid", table->name);
    sqlite3_stmt *statement = prepare(source, sql);
    char *list = NULL;
    while (sqlite3_step(statement) == SQLITE_ROW) {
        const unsigned char *column = sqlite3_column_text(statement, 0);
        char *longer = sqlite3_mprintf("%s%s\"%w\"", list ? list : "", list ? ", " : "", column);
        sqlite3_free(list);
        list = longer;
        table->columns++;
    }
    sqlite3_finalize(statement);
    sqlite3_free(sql);
    return list;
}

static void read_table(sqlite3 *source, struct table *table) {
    char *columns = stored_columns(source, table);
    char *select = sqlite3_mprintf("SELECT %s FROM \"%w\"", columns, table->name);
    sqlite3_stmt *statement = prepare(source, select);
    int result;
    while ((result = sqlite3_step(statement)) == SQLITE_ROW) {
        for (int column = 0; column < table->columns; column++) {
            append_value(table, sqlite3_column_value(statement, column));
        }
        table->rows++;
    }
    if (result != SQLITE_DONE) die(select, source);
    sqlite3_finalize(statement);
    char *insert = sqlite3_mprintf("INSERT INTO \"%w\" (%s) VALUES (?", table->name, columns);
    for (int column = 1; column < table->columns; column++) {
        char *longer = sqlite3_mprintf("%s, ?", insert);
        sqlite3_free(insert);
        insert = longer;
    }
    table->insert = sqlite3_mprintf("%s)", insert);
    sqlite3_free(insert);
    sqlite3_free(select);
    sqlite3_free(columns);
}

static int read_all(const char *path) {
    sqlite3 *source;
    if (sqlite3_open_v2(path, &source, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) die(path, source);
    sqlite3_stmt *statement = prepare(source,
        "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
        " AND type IN ('table', 'index') AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY rowid");
    while (sqlite3_step(statement) == SQLITE_ROW) {
        char *sql = strdup((const char *)sqlite3_column_text(statement, 2));
        if (table_count == 1024 || index_count == 1024) die("more than 1,024 tables or indexes", NULL);
        if (!strcmp((const char *)sqlite3_column_text(statement, 0), "index")) {
            indexes[index_count++] = sql;
        } else {
            tables[table_count].schema = sql;
            tables[table_count++].name = strdup((const char *)sqlite3_column_text(statement, 1));
        }
    }
    sqlite3_finalize(statement);
    for (int i = 0; i < table_count; i++) read_table(source, &tables[i]);
    statement = prepare(source, "PRAGMA page_size");
    int page_size = sqlite3_step(statement) == SQLITE_ROW ? sqlite3_column_int(statement, 0) : 4096;
    sqlite3_finalize(statement);
    sqlite3_close(source);
    return page_size;
}

static const unsigned char *bind_value(sqlite3_stmt *statement, int place, const unsigned char *next) {
    unsigned char type = *next++;
    if (type == SQLITE_INTEGER) {
        sqlite3_int64 number;
        memcpy(&number, next, sizeof number);
        sqlite3_bind_int64(statement, place, number);
        return next + sizeof number;
    }
    if (type == SQLITE_FLOAT) {
        double number;
        memcpy(&number, next, sizeof number);
        sqlite3_bind_double(statement, place, number);
        return next + sizeof number;
    }
    if (type == SQLITE_NULL) {
        sqlite3_bind_null(statement, place);
        return next;
    }
    uint32_t length;
    memcpy(&length, next, sizeof length);
    next += sizeof length;
    if (type == SQLITE_TEXT) sqlite3_bind_text(statement, place, (const char *)next, (int)length, SQLITE_STATIC);
    else sqlite3_bind_blob(statement, place, next, (int)length, SQLITE_STATIC);
    return next + length;
}

static void insert_rows(sqlite3 *target, struct table *table) {
    sqlite3_stmt *statement = prepare(target, table->insert);
    const unsigned char *next = table->values;
    for (long row = 0; row < table->rows; row++) {
        for (int place = 1; place <= table->columns; place++) next = bind_value(statement, place, next);
        if (sqlite3_step(statement) != SQLITE_DONE) die(table->insert, target);
        sqlite3_reset(statement);
    }
    sqlite3_finalize(statement);
}

static void write_all(const char *path, int page_size, int indexes_after) {
    sqlite3 *target;
    if (sqlite3_open(path, &target) != SQLITE_OK) die(path, target);
    char pragma[64];
    snprintf(pragma, sizeof pragma, "PRAGMA page_size = %d", page_size);
    run(target, pragma);
    run(target, "BEGIN");
    for (int i = 0; i < table_count; i++) run(target, tables[i].schema);
    if (!indexes_after) for (int i = 0; i < index_count; i++) run(target, indexes[i]);
    for (int i = 0; i < table_count; i++) insert_rows(target, &tables[i]);
    if (indexes_after) for (int i = 0; i < index_count; i++) run(target, indexes[i]);
    run(target, "COMMIT");
    sqlite3_close(target);
}

static double seconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

int main(int count, char **words) {
    int indexes_after = count == 4 && !strcmp(words[3], "--indexes-after");
    if (count != 3 && !indexes_after) {
        fprintf(stderr, "usage: bare-insert FINISHED.sqlite NEW.sqlite [--indexes-after]\n");
        return 64;
    }
    int page_size = read_all(words[1]);
    long rows = 0;
    for (int i = 0; i < table_count; i++) rows += tables[i].rows;
    unlink(words[2]);
    double start = seconds();
    write_all(words[2], page_size, indexes_after);
    printf("%.4f s, %ld rows, %d tables, %d indexes\n", seconds() - start, rows, table_count, index_count);
    return 0;
}
