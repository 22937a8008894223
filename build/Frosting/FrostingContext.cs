using Cake.Core;
using Cake.Core.Configuration;
using Cake.Core.Diagnostics;
using Cake.Core.IO;
using Cake.Core.Tooling;

namespace VoxMake.Build.Frosting;

/// <summary>What Cake gives every task, as in Cake.Frosting.</summary>
public abstract class FrostingContext : CakeContextAdapter, ICakeContext
{
    protected FrostingContext(ICakeLog log) : base(CreateContext(log)) { }

    private static CakeContext CreateContext(ICakeLog log)
    {
        var files = new FileSystem();
        var environment = new CakeEnvironment(new CakePlatform(), new CakeRuntime());
        var globber = new Globber(files, environment);
        var arguments = new CakeArguments(Array.Empty<string>().ToLookup(name => name, _ => ""));
        var configuration = new NoConfiguration();
        var tools = new ToolLocator(environment, new ToolRepository(environment), new ToolResolutionStrategy(files, environment, globber, configuration, log));
        return new CakeContext(files, environment, globber, log, arguments, new ProcessRunner(files, environment, log, tools, configuration), new NoRegistry(), tools, new CakeDataService(), configuration, new NoInstaller(), new NoServices());
    }

    private sealed class NoConfiguration : ICakeConfiguration
    {
        public string? GetValue(string key) => null;
    }

    /// <summary>Our tools are built beside the host; nothing is installed on the way.</summary>
    private sealed class NoInstaller : IToolInstaller
    {
        public IEnumerable<FilePath> Install(Cake.Core.Packaging.PackageReference tool) => throw new NotSupportedException();
    }

    private sealed class NoServices : IServiceProvider
    {
        public object? GetService(Type type) => null;
    }

    /// <summary>Linux has no registry.</summary>
    private sealed class NoRegistry : IRegistry
    {
        public IRegistryKey CurrentUser => throw new PlatformNotSupportedException();
        public IRegistryKey LocalMachine => throw new PlatformNotSupportedException();
        public IRegistryKey ClassesRoot => throw new PlatformNotSupportedException();
        public IRegistryKey Users => throw new PlatformNotSupportedException();
        public IRegistryKey PerformanceData => throw new PlatformNotSupportedException();
        public IRegistryKey CurrentConfig => throw new PlatformNotSupportedException();
        public IRegistryKey DynData => throw new PlatformNotSupportedException();
    }
}
