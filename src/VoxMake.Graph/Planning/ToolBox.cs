using VoxMake.Graph.Storage;
using VoxMake.Protocol;

namespace VoxMake.Graph.Planning;

/// <summary>A program of the house.</summary>
/// <param name="Program">What is started: an executable, absolute.</param>
/// <param name="Parts">Each assembly or native source that it really loads, with its digest.</param>
public sealed record Tool(string Name, string Program, IReadOnlyDictionary<string, Digest> Parts)
{
    /// <summary>One digest of all parts: what stales a result when the tool is edited (DESIGN 4).</summary>
    public Digest Closure { get; } = ClosureOf(Parts);

    private static Digest ClosureOf(IReadOnlyDictionary<string, Digest> parts)
    {
        using var key = new KeyWriter();
        foreach (var (name, digest) in parts.OrderBy(part => part.Key, StringComparer.Ordinal)) key.Text(name).Digest(digest);
        return key.Finish();
    }
}

/// <summary>Finds programs by name.</summary>
public interface IToolBox
{
    /// <exception cref="VoxException">There is no such program.</exception>
    Tool Find(string name);
}

/// <summary>
/// The tools beside the host, <c>artifacts/bin</c>. A tool's closure is its own assembly and, from reference to reference, every assembly of the folder; the framework
/// is recorded with results but not in their keys.
/// </summary>
public sealed class FolderToolBox(string folder, SeenFiles seen, AssemblyMemory memory) : IToolBox
{
    private readonly Dictionary<string, Tool> _found = [];

    public Tool Find(string name)
    {
        if (_found.TryGetValue(name, out var tool)) return tool;
        var program = Path.Combine(folder, name);
        if (!File.Exists(program) || !File.Exists(program + ".dll")) throw new VoxException($"the tool {name} is not in {folder}") { Try = "build it: ./build.sh" };
        var parts = new SortedList<string, Digest>(StringComparer.Ordinal);
        Visit(name);
        return _found[name] = new Tool(name, program, parts);

        void Visit(string assembly)
        {
            var path = Path.Combine(folder, assembly + ".dll");
            if (parts.ContainsKey(assembly) || !File.Exists(path)) return;
            var known = memory.Find(seen.Look(path).Digest, path);
            parts[assembly] = known.Il;
            foreach (var reference in known.References) Visit(reference);
        }
    }
}

/// <summary>
/// What was read of assemblies, by the digest of the file, so that an unchanged one is not parsed at every start. The file ends with the digest of all before: a reference that a bad disk
/// took away would leave an assembly out of all keys.
/// </summary>
public sealed class AssemblyMemory
{
    private const string Head = "voxmake assemblies 2";
    private readonly IDisk _disk;
    private readonly string _path;
    private readonly Dictionary<Digest, AssemblyFacts> _facts = [];
    private bool _changed;

    public AssemblyMemory(IDisk disk, string path)
    {
        (_disk, _path) = (disk, path);
        var bytes = disk.ReadWhole(path) ?? [];
        var body = bytes.AsSpan(0, bytes.AsSpan().LastIndexOf((byte)'\n') + 1);
        if (!bytes.AsSpan(body.Length).SequenceEqual(Check(body))) return;
        var lines = System.Text.Encoding.UTF8.GetString(body).Split('\n');
        if (lines[0] != Head) return;
        foreach (var line in lines.Skip(1).SkipLast(1))
        {
            var fields = line.Split(' ');
            if (fields.Length < 2 || !Digest.TryParse(fields[0], out var file) || !Digest.TryParse(fields[1], out var il)) continue;
            _facts[file] = new AssemblyFacts(il, fields[2..]);
        }
    }

    /// <summary>The facts of the assembly at <paramref name="path"/>, whose file has this digest.</summary>
    public AssemblyFacts Find(Digest file, string path)
    {
        if (_facts.TryGetValue(file, out var known)) return known;
        _changed = true;
        return _facts[file] = new AssemblyFacts(AssemblyDigest.Of(path), AssemblyDigest.References(path));
    }

    public void Save()
    {
        if (!_changed) return;
        var lines = _facts.Select(fact => $"{fact.Key} {string.Join(' ', fact.Value.References.Prepend(fact.Value.Il.ToString()))}").Order(StringComparer.Ordinal);
        var body = System.Text.Encoding.UTF8.GetBytes(string.Concat(lines.Prepend(Head).Select(line => line + "\n")));
        _disk.WriteWhole(_path, [.. body, .. Check(body)]);
        _changed = false;
    }

    private static byte[] Check(ReadOnlySpan<byte> body) => System.Text.Encoding.ASCII.GetBytes(Digest.Of(body).ToString());
}

/// <summary>The digest of an assembly's IL, and the assemblies that it refers to.</summary>
public sealed record AssemblyFacts(Digest Il, IReadOnlyList<string> References);
