import LDAPClient
import Testing

struct LDAPFilterTests {
    @Test(arguments: [
        ("*", #"\2a"#), ("(", #"\28"#), (")", #"\29"#), ("\\", #"\5c"#), ("\0", #"\00"#), ("é", #"\c3\a9"#),
        (")(uid=*", #"\29\28uid=\2a"#), (")\u{301}", #"\29\cc\81"#), ("a b", "a b"),
    ])
    func valuesNeverBecomeSyntax(value: String, escaped: String) {
        #expect(LDAPFilter.equal("uid", value).text == "(uid=\(escaped))")
    }

    /// What is written back is the filter in one spelling.
    @Test(arguments: [
        ("(uid=a)", "(uid=a)"),
        (" ( & (a=1) (!(b=2)) ) ", "(&(a=1)(!(b=2)))"),
        ("(|(a=1)(b>=2)(c<=3)(d~=4))", "(|(a=1)(b>=2)(c<=3)(d~=4))"),
        ("(a=*)", "(a=*)"),
        ("(a=*b*c*)", "(a=*b*c*)"),
        ("(a=b*c)", "(a=b*c)"),
        ("(a=)", "(a=)"),
        (#"(a=\2A\28)"#, #"(a=\2a\28)"#),
        ("(a:dn:2.4.6:=x)", "(a:dn:2.4.6:=x)"),
        ("(userAccountControl:1.2.840.113556.1.4.803:=2)", "(userAccountControl:1.2.840.113556.1.4.803:=2)"),
        ("(:caseExactMatch:=x)", "(:caseExactMatch:=x)"),
        ("(a=é)", #"(a=\c3\a9)"#),
    ])
    func filtersOfAdministratorsAreRead(text: String, again: String) throws {
        #expect(try LDAPFilter(parsing: text).text == again)
        #expect(try LDAPFilter(parsing: again).text == again)
    }

    @Test(arguments: [
        ("uid=a", FilterSyntaxError.Reason.missingOpen, 0),
        ("(uid=a", .missingClose, 6),
        ("(uid=a))", .textAfterEnd, 7),
        ("(=a)", .missingType, 1),
        ("()", .missingType, 1),
        ("(uid)", .badType, 4),
        ("(uid", .missingOperator, 4),
        ("(uid>a)", .missingOperator, 5),
        ("(u$d=a)", .badType, 2),
        (#"(uid=\2)"#, .badEscape, 5),
        ("(uid=a(b)", .unescapedSpecial, 6),
        ("(uid>=a*)", .unescapedSpecial, 7),
        ("(a=b**c)", .unescapedSpecial, 7),
        ("(&)", .emptyList, 2),
        ("(a:b)", .missingOperator, 4),
        ("", .missingOpen, 0),
    ])
    func wrongFiltersAreRefusedWithTheirPlace(text: String, reason: FilterSyntaxError.Reason, offset: Int) {
        #expect(throws: FilterSyntaxError(reason: reason, offset: offset)) { try LDAPFilter(parsing: text) }
    }

    @Test func deepNestingIsRefused() {
        let text = String(repeating: "(!", count: 40) + "(a=b)" + String(repeating: ")", count: 40)
        #expect(throws: FilterSyntaxError(reason: .tooDeep, offset: 64)) { try LDAPFilter(parsing: text) }
    }

    @Test func typesAreThoseMentioned() throws {
        #expect(try LDAPFilter(parsing: "(&(a=1)(!(b=*))(c:dn:=x)(:r:=y))").types == ["a", "b", "c"])
    }
}
