using System;
using System.Collections.Generic;
using System.Linq;

namespace VoxMake.Torch.Generator
{
    /// <summary>One operator, read from a line of native_functions.yaml such as <c>add.Tensor(Tensor self, Tensor other, *, Scalar alpha=1) -> Tensor</c>.</summary>
    internal sealed class Schema
    {
        private Schema(string line, string name, string overload, IReadOnlyList<Argument> arguments, IReadOnlyList<string> returns)
        {
            Line = line;
            Name = name;
            Overload = overload;
            Arguments = arguments;
            Returns = returns;
        }

        public string Line { get; }
        public string Name { get; }
        public string Overload { get; }
        public IReadOnlyList<Argument> Arguments { get; }
        public IReadOnlyList<string> Returns { get; }

        /// <exception cref="FormatException">The line is none: the message says where it stops being one.</exception>
        public static Schema Parse(string line)
        {
            var open = line.IndexOf('(');
            var arrow = line.LastIndexOf("->", StringComparison.Ordinal);
            if (open < 1 || arrow < open) throw new FormatException("expected name.overload(arguments) -> returns");
            var close = line.LastIndexOf(')', arrow);
            var full = line.Substring(0, open).Trim();
            var dot = full.IndexOf('.');
            var arguments = Split(line.Substring(open + 1, close - open - 1)).Where(text => text != "*").Select(Argument.Parse).ToList();
            var returns = line.Substring(arrow + 2).Trim();
            if (returns.StartsWith("(", StringComparison.Ordinal)) returns = returns.Substring(1, returns.LastIndexOf(')') - 1);
            return new Schema(line, dot < 0 ? full : full.Substring(0, dot), dot < 0 ? "" : full.Substring(dot + 1), arguments, Split(returns).Select(ReturnType).ToList());
        }

        /// <summary>Splits at commas that stand in no bracket.</summary>
        private static List<string> Split(string text)
        {
            var parts = new List<string>();
            var depth = 0;
            var from = 0;
            for (var i = 0; i < text.Length; i++)
            {
                if (text[i] == '[' || text[i] == '(') depth++;
                else if (text[i] == ']' || text[i] == ')') depth--;
                else if (text[i] == ',' && depth == 0)
                {
                    parts.Add(text.Substring(from, i - from).Trim());
                    from = i + 1;
                }
            }
            if (text.Substring(from).Trim() is { Length: > 0 } last) parts.Add(last);
            return parts;
        }

        private static string ReturnType(string text)
        {
            var type = Argument.WithoutAlias(text.Split(' ')[0]);
            return type;
        }
    }

    /// <summary>One argument of an operator.</summary>
    internal sealed class Argument
    {
        private Argument(string type, string name, bool hasDefault)
        {
            Type = type;
            Name = name;
            HasDefault = hasDefault;
        }

        /// <summary>As in the schema, without alias marks and list lengths: <c>Tensor</c>, <c>Tensor?</c>, <c>int[]</c>.</summary>
        public string Type { get; }
        public string Name { get; }
        public bool HasDefault { get; }

        public static Argument Parse(string text)
        {
            var space = text.LastIndexOf(' ');
            if (space < 0) throw new FormatException($"'{text}' is no argument: expected a type and a name");
            var name = text.Substring(space + 1);
            var equals = name.IndexOf('=');
            if (equals < 0 && text.Contains("="))
            {
                // a default with a space in it, such as int[2] stride=[1, 1]
                var at = text.IndexOf('=');
                space = text.LastIndexOf(' ', at);
                name = text.Substring(space + 1, at - space - 1);
                equals = name.Length;
            }
            return new Argument(WithoutAlias(text.Substring(0, space).Trim()), equals < 0 ? name : name.Substring(0, equals), equals >= 0);
        }

        /// <summary><c>Tensor(a!)</c> is a Tensor; <c>int[2]</c> is an int[]; <c>SymInt</c> is an int.</summary>
        public static string WithoutAlias(string type)
        {
            var open = type.IndexOf('(');
            if (open >= 0) type = type.Substring(0, open) + type.Substring(type.IndexOf(')') + 1);
            var bracket = type.IndexOf('[');
            if (bracket >= 0) type = type.Substring(0, bracket) + "[]" + (type.EndsWith("?", StringComparison.Ordinal) ? "?" : "");
            return type.Replace("SymInt", "int");
        }
    }
}
